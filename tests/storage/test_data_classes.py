"""The register of data is whole, says what is true of the tables, and is the page that is committed."""

from pathlib import Path

from sqlalchemy import Text

from mediation.__main__ import main
from mediation.domain.sight import COLUMNS, DataClass
from mediation.storage.cases import SEALED, SEALED_FACTS
from mediation.storage.data_classes import READ_BY, Kept, fields, page
from mediation.storage.tables import metadata

PAGE = Path(__file__).parents[2] / "docs" / "data-classes.md"
CLEAR_ON_PURPOSE = {
    ("people", "name"), ("people", "subject"),  # those who work here
    ("parties", "resident_id_masked"), ("parties", "phone_masked"),  # lists decrypt nothing
    ("cases", "applicants"), ("cases", "respondents"),  # the same
    ("parties", "subject_id"), ("parties", "person_id"),  # ids
    ("computations", "amount_fen"), ("computations", "minimum_fen"), ("computations", "maximum_fen"),  # amounts
    ("alarms", "network"),
}  # fmt: skip


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/data-classes.md is stale: run `mediation data-classes`"


def test_every_column_has_a_class_and_every_table_its_readers() -> None:
    found = {(field.table, field.name) for field in fields()}

    assert found == {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    assert set(READ_BY) == set(metadata.tables)


def test_what_is_personal_lies_in_clear_only_where_that_is_meant() -> None:
    clear = {
        (field.table, field.name) for field in fields() if field.of is DataClass.PERSONAL and field.kept is Kept.CLEAR
    }

    assert clear == CLEAR_ON_PURPOSE


def test_no_text_that_was_said_in_mediation_lies_in_clear() -> None:
    texts = {(t.name, c.name) for t in metadata.tables.values() for c in t.columns if isinstance(c.type, Text)}
    clear = {
        (field.table, field.name)
        for field in fields()
        if field.of is DataClass.CONFIDENTIAL and field.kept is Kept.CLEAR
    }

    assert clear & texts <= {("undisputed_facts", "signed")}  # ids of those who signed, and days
    assert {(f.table, f.name) for f in fields() if f.kept is Kept.TALKS} == {
        ("offers", "content"), ("undisputed_facts", "text"), ("party_messages", "text"),
    }  # fmt: skip


def test_what_storage_seals_is_personal_and_sealed_in_the_register() -> None:
    register = {(field.table, field.name): field for field in fields()}
    sealed = {(table, name) for table, names in SEALED.items() for name in names if table in metadata.tables}

    assert all(register[place].kept is Kept.CASE for place in sealed)
    assert all(register[place].of >= DataClass.PERSONAL for place in sealed)
    assert all(COLUMNS["limitation_acts"][name] is DataClass.PERSONAL for name in SEALED["limitation_acts"])
    assert {"attested", "employment"} == SEALED_FACTS


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    code = main(["data-classes", str(tmp_path / "register.md")])

    assert code == 0
    assert (tmp_path / "register.md").read_text(encoding="utf-8") == page()
