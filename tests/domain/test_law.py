import pytest

from mediation.domain.law import SOURCES, Citation, cite, describe


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("LDMAL 12; ZJ 10", (Citation("LDMAL", "12", True), Citation("ZJ", "10", True))),
        ("LDMAL 5, 14(3), 15", (Citation("LDMAL", "5, 14(3), 15", True),)),
        ("R33 70 (from memory)", (Citation("R33", "70", False, "from memory"),)),
        ("R33 9, 10 (heading checked)", (Citation("R33", "9, 10", False, "heading checked"),)),
        (
            "R33 34 (heading checked), 75",
            (Citation("R33", "34", False, "heading checked"), Citation("R33", "75", True)),
        ),
        ("CPL 151–155, 171", (Citation("CPL", "151–155, 171", True),)),
        (
            "LI1 4 (both suits are heard together) (from memory)",
            (Citation("LI1", "4", False, "both suits are heard together; from memory"),),
        ),
        (
            "practice (12351, 12345, internet, 民情热线)",
            (Citation("practice", "", False, "12351, 12345, internet, 民情热线"),),
        ),
        ("PML 31 by analogy", (Citation("PML", "31", True, "by analogy"),)),
        ("Criminal Law 276-1 (from memory)", (Citation("Criminal Law", "276-1", False, "from memory"),)),
        (
            "record only: fact 4 of section 0.1",
            (Citation("record only", "", True, "fact 4 of section 0.1"),),
        ),
        ("AMB-5", (Citation("AMB", "5", True),)),
        ("table 1.4", (Citation("table", "1.4", True),)),
        ("ZJ-SUP; product rule", (Citation("ZJ-SUP", "", True), Citation("product rule", "", True))),
        ("LI1 (effect on the award)", (Citation("LI1", "", True, "effect on the award"),)),
    ],
)
def test_basis_is_read_source_by_source(basis: str, expected: tuple[Citation, ...]) -> None:
    citations = cite(basis)

    assert citations == expected


def test_article_of_a_source_read_in_part_is_unverified_unless_it_was_read() -> None:
    read, unread, mixed = cite("R17 22; R17 27; R17 22–23")

    assert read.verified
    assert (unread.verified, unread.note) == (False, "from memory")
    assert not mixed.verified


@pytest.mark.parametrize("basis", ["XYZ 12", "LDMALX 12", "LDMAL 12; Maritime Code 3", ""])
def test_unknown_source_is_named(basis: str) -> None:
    with pytest.raises(ValueError, match="unknown source") as refusal:
        cite(basis)

    assert repr(basis.rsplit("; ", maxsplit=1)[-1]) in str(refusal.value)


def test_unreadable_articles_are_named() -> None:
    with pytest.raises(ValueError, match="twelve"):
        cite("LDMAL twelve")


def test_the_same_basis_is_read_once() -> None:
    assert cite("LDMAL 12; ZJ 10") is cite("LDMAL 12; ZJ 10")


@pytest.mark.parametrize(
    ("basis", "zh", "en"),
    [
        ("LDMAL 12", "《劳动争议调解仲裁法》第12条", "Labour Dispute Mediation and Arbitration Law, art. 12"),
        ("CPL 104(3), 107", "《民事诉讼法》第104条(3)、第107条", "Civil Procedure Law, arts 104(3), 107"),
        ("CC 147–151", "《民法典》第147条至第151条", "Civil Code, arts 147–151"),
        ("Criminal Law 276-1", "《刑法》第276条之一", "Criminal Law, art. 276-1"),
        ("TUL", "《工会法》", "Trade Union Law"),
        ("product rule", "本系统规则", "rule of this service"),
        ("AMB-12", "法律适用分歧AMB-12", "AMB-12"),
        ("table 1.4", "法院受理路径表", "table of court routes"),
    ],
)
def test_citation_reads_as_a_lawyer_would_write_it(basis: str, zh: str, en: str) -> None:
    label = describe(cite(basis)[0])

    assert (label.zh, label.en) == (zh, en)


def test_every_source_has_both_names() -> None:
    assert all(source.label.zh and source.label.en for source in SOURCES.values())


def test_a_source_read_in_part_says_which_articles_were_read() -> None:
    assert SOURCES["LI2"].checked_articles == {1, 11, 21}
    assert not SOURCES["LI2"].verified
