from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from mediation.domain import identifiers
from mediation.domain.identifiers import IdentifierError

TODAY = date(2026, 11, 20)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def refused(check: Callable[..., object], *args: object, **kwargs: object) -> str:
    with pytest.raises(IdentifierError) as refusal:
        check(*args, **kwargs)
    assert refusal.value.label.zh
    assert refusal.value.label.en
    assert refusal.value.code in str(refusal.value)
    return refusal.value.code


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    division = draw(st.integers(110000, 999999))
    born = draw(st.dates(date(1900, 1, 1), TODAY - timedelta(days=1)))
    body = f"{division}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + ric.calc_check_digit(body + "0")


@st.composite
def social_credit_codes(draw: st.DrawFn) -> str:
    head = draw(st.text(USCC_ALPHABET, min_size=2, max_size=2))
    division = draw(st.text("0123456789", min_size=6, max_size=6))
    body = head + division + draw(st.text(USCC_ALPHABET, min_size=9, max_size=9))
    return body + uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        (" 330106199003071236 ", "330106199003071236"),
        ("330106199003071236", "330106199003071236"),
    ],
)
def test_resident_id_is_normalised(typed: str, stored: str) -> None:
    assert identifiers.resident_id(typed, today=TODAY) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("33010619900307123", "resident_id_format"),
        ("330106900307123", "resident_id_format"),
        ("33010619900307123A", "resident_id_format"),
        ("", "resident_id_format"),
        ("330106199002301230", "resident_id_birth_date"),
        ("330106203003071230", "resident_id_birth_date_future"),
        ("330106199003071237", "resident_id_checksum"),
    ],
)
def test_impossible_resident_id_is_refused_with_its_reason(typed: str, code: str) -> None:
    assert refused(identifiers.resident_id, typed, today=TODAY) == code


def test_a_person_born_today_has_no_resident_id_yet() -> None:
    body = f"330106{TODAY:%Y%m%d}123"
    number = body + ric.calc_check_digit(body + "0")

    assert refused(identifiers.resident_id, number, today=TODAY) == "resident_id_birth_date_future"
    assert identifiers.resident_id(number, today=TODAY + timedelta(days=1)) == number


@pytest.mark.parametrize("division", ["810000", "820000", "830000", "911156", "330103", "999999"])
def test_permits_and_abolished_divisions_are_accepted(division: str) -> None:
    body = division + "19900307123"
    number = body + ric.calc_check_digit(body + "0")

    assert identifiers.resident_id(number, today=TODAY) == number


@given(resident_ids())
def test_every_well_formed_resident_id_is_accepted(number: str) -> None:
    assert identifiers.resident_id(number, today=TODAY) == number
    assert identifiers.birth_date(number) < TODAY
    assert identifiers.is_male(number) == (number[16] in "13579")


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_of_a_resident_id_is_refused(number: str, place: int, char: str) -> None:
    assume(number[place] != char)
    wrong = number[:place] + char + number[place + 1 :]

    assert refused(identifiers.resident_id, wrong, today=TODAY).startswith("resident_id_")


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91512081MA62K0260E", "91350100m000100y43"])
def test_social_credit_code_is_accepted(code: str) -> None:
    assert identifiers.social_credit_code(code) == code.upper()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350100M000100Y4Z", "social_credit_code_format"),
        ("91350100M000100Y44", "social_credit_code_checksum"),
        ("91350100M000100Y4", "social_credit_code_format"),
        ("9135010IM000100Y43", "social_credit_code_format"),
        ("330106000012345", "social_credit_code_format"),
    ],
)
def test_impossible_social_credit_code_is_refused(typed: str, code: str) -> None:
    assert refused(identifiers.social_credit_code, typed) == code


@given(social_credit_codes())
def test_every_well_formed_social_credit_code_is_accepted(code: str) -> None:
    assert identifiers.social_credit_code(code) == code


@given(social_credit_codes(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET + "IOSVZ"))
def test_any_single_wrong_character_of_a_social_credit_code_is_refused(code: str, place: int, char: str) -> None:
    assume(code[place] != char)
    wrong = code[:place] + char + code[place + 1 :]

    assert refused(identifiers.social_credit_code, wrong).startswith("social_credit_code_")


@pytest.mark.parametrize(
    "typed",
    [
        "13800001234",
        "+86 138-0000-1234",
        "+8613800001234",
        "0086 13800001234",
        "8613800001234",
        "１３８００００１２３４",
    ],
)
def test_mobile_number_is_stored_without_prefix(typed: str) -> None:
    assert identifiers.mobile(typed) == "13800001234"


@pytest.mark.parametrize("typed", ["12800001234", "1380000123", "138000012345", "0571-88888888", "", "abc"])
def test_impossible_mobile_number_is_refused(typed: str) -> None:
    assert refused(identifiers.mobile, typed) == "mobile_format"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0571-88888888", "0571-88888888"),
        ("057188888888", "0571-88888888"),
        ("(0571)88888888", "0571-88888888"),
        ("（0571）88888888", "0571-88888888"),
        ("010-12345678-801", "010-12345678-801"),
        ("02112345678", "021-12345678"),
        ("0579-8555123", "0579-8555123"),
        ("4008001234", "400-800-1234"),
        ("800-810-1234", "800-810-1234"),
    ],
)
def test_landline_is_written_with_hyphens(typed: str, stored: str) -> None:
    assert identifiers.landline(typed) == stored
    assert identifiers.phone(typed) == stored


@pytest.mark.parametrize("typed", ["88888888", "13800001234", "0571-888", "0571-88888888-1234567", "12345"])
def test_impossible_landline_is_refused(typed: str) -> None:
    assert refused(identifiers.landline, typed) == "landline_format"


def test_phone_takes_mobiles_and_landlines_and_nothing_else() -> None:
    assert identifiers.phone("+8613800001234") == "13800001234"
    assert refused(identifiers.phone, "12345") == "phone_format"


def test_bank_card_needs_sixteen_to_nineteen_digits() -> None:
    assert identifiers.bank_card("6222 0212 3456 7890 123") == "6222021234567890123"
    assert refused(identifiers.bank_card, "622202123456789") == "bank_card_format"
    assert refused(identifiers.bank_card, "62220212345678901234") == "bank_card_format"
    assert refused(identifiers.bank_card, "6222O21234567890") == "bank_card_format"


@pytest.mark.parametrize("code", ["330106", "330782", "330106003", "330106003001", "810000"])
def test_division_code_of_six_nine_or_twelve_digits_is_accepted(code: str) -> None:
    assert identifiers.division_code(code) == code


@pytest.mark.parametrize("code", ["3301", "3301060", "990106", "33010A", ""])
def test_other_division_codes_are_refused(code: str) -> None:
    assert refused(identifiers.division_code, code) == "division_code_format"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("（2024）浙0106民初123号", "（2024）浙0106民初123号"),
        ("(2024)浙0106民初123号", "（2024）浙0106民初123号"),
        ("〔2024〕 浙0106 民初 123 号", "（2024）浙0106民初123号"),
        ("（2025）浙0106民诉前调1号之一", "（2025）浙0106民诉前调1号之一"),
        ("（2023）最高法民申1号", "（2023）最高法民申1号"),
    ],
)
def test_court_case_number_has_full_width_brackets(typed: str, stored: str) -> None:
    assert identifiers.court_case_number(typed) == stored


@pytest.mark.parametrize("typed", ["2024浙0106民初123号", "（2024）0106民初123号", "（2024）浙0106民初号", ""])
def test_other_court_case_numbers_are_refused(typed: str) -> None:
    assert refused(identifiers.court_case_number, typed) == "court_case_number_format"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("浙杭西劳人仲案[2024]123号", "浙杭西劳人仲案〔2024〕123号"),
        ("甲劳人仲字（2023）第 7 号", "甲劳人仲字〔2023〕第7号"),
        ("旧号之七", "旧号之七"),
    ],
)
def test_arbitration_number_keeps_its_style(typed: str, stored: str) -> None:
    assert identifiers.arbitration_number(typed) == stored


def test_arbitration_number_must_say_something_short() -> None:
    assert refused(identifiers.arbitration_number, "  ") == "arbitration_number_format"
    assert refused(identifiers.arbitration_number, "仲" * 65) == "arbitration_number_format"


@pytest.mark.parametrize(
    "typed",
    ["杭西工调〔2026〕00012号", "杭西工调(2026)00012号", " 杭西工调［2026］00012 号", "杭西工调【2026】00012号"],
)
def test_a_case_number_is_taken_in_any_brackets(typed: str) -> None:
    assert identifiers.written_case_number(typed) == "杭西工调〔2026〕00012号"


@pytest.mark.parametrize("typed", ["", "00012", "杭西工调〔2026〕12号", "张三的案子"])
def test_what_has_not_the_form_of_a_case_number_is_refused(typed: str) -> None:
    assert refused(identifiers.written_case_number, typed) == "case_number_format"


def test_case_number_is_padded() -> None:
    assert identifiers.case_number("杭西", 2026, 12) == "杭西工调〔2026〕00012号"


@pytest.mark.parametrize(("prefix", "sequence"), [("", 1), ("HZ", 1), ("杭西", 0), ("杭西", -1)])
def test_impossible_case_number_is_not_written(prefix: str, sequence: int) -> None:
    assert refused(identifiers.case_number, prefix, 2026, sequence) == "case_number_format"


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (identifiers.mask_name, "张三", "张某"),
        (identifiers.mask_name, "张三丰", "张某某"),
        (identifiers.mask_name, "欧阳修", "欧阳某"),
        (identifiers.mask_name, "欧阳", "欧某"),
        (identifiers.mask_name, "阿卜杜拉·买买提", "阿某某"),
        (identifiers.mask_name, "张", "张某"),
        (identifiers.mask_name, "John Smith", "J***"),
        (identifiers.mask_name, " ", ""),
        (identifiers.mask_resident_id, "330106199003071236", "330***********1236"),
        (identifiers.mask_mobile, "13800001234", "138****1234"),
        (identifiers.mask_landline, "0571-88888888", "0571-******88"),
        (identifiers.mask_landline, "057188888888", "**********88"),
        (identifiers.mask_bank_card, "6222021234567890123", "***************0123"),
        (identifiers.mask_bank_card, "123", "***"),
        (identifiers.mask_address, "浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区****"),
        (identifiers.mask_address, "浙江省金华市义乌市稠城街道", "浙江省金华市义乌市****"),
        (identifiers.mask_address, "杭州市余杭区仓前街道", "杭州市余杭区****"),
        (identifiers.mask_address, "文三路社区3幢", "****"),
        (identifiers.mask_address, "幸福小区3幢", "****"),
        (identifiers.mask_address, "", ""),
    ],
)
def test_masks_keep_what_helps_to_recognise_and_hide_the_rest(
    mask: Callable[[str], str], plain: str, shown: str
) -> None:
    assert mask(plain) == shown
