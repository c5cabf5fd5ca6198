"""A loaded notice is a record of its own, with the progress of its recount, what it moved, and how it was undone."""

import json
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "calendar_loads",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("undoes_id", _ID, nullable=True),
        sa.Column("notice", sa.Text(), nullable=True, comment="the notice as JSON; null for an undo"),
        sa.Column("replaced", sa.Text(), nullable=True, comment="the notice that stood before, as JSON"),
        sa.Column("since", sa.Date(), nullable=True, comment="first day it touches; null where it changed none"),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", _ID, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", _ID, nullable=True),
        sa.Column("cases_to_do", sa.Integer(), nullable=False),
        sa.Column("cases_done", sa.Integer(), nullable=False),
        sa.Column("cases_moved", sa.Integer(), nullable=False),
        sa.Column("deadlines_counted", sa.Integer(), nullable=False),
        sa.Column("deadlines_moved", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True, comment="last search for stale deadlines"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["calendar_loads.id"], name=("fk_calendar_loads_undoes_id_calendar_loads")
        ),
        sa.PrimaryKeyConstraint("id", name=("pk_calendar_loads")),
        sa.UniqueConstraint("number", name=("uq_calendar_loads_number")),
    )
    op.create_table(
        "calendar_recounts",
        sa.Column("load_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["load_id"], ["calendar_loads.id"], name=("fk_calendar_recounts_load_id_calendar_loads")
        ),
        sa.PrimaryKeyConstraint("load_id", "case_id", name=("pk_calendar_recounts")),
    )
    op.create_index("ix_calendar_recounts_case_id", "calendar_recounts", ["case_id"])
    op.create_table(
        "calendar_moves",
        sa.Column("load_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("deadline_id", _ID, nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("old_due", sa.Date(), nullable=False),
        sa.Column("new_due", sa.Date(), nullable=False),
        sa.Column("was_provisional", sa.Boolean(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("old_working", sa.Text(), nullable=False, comment="JSON list: the arithmetic of the old date"),
        sa.Column("new_working", sa.Text(), nullable=False, comment="JSON list: the arithmetic of the new date"),
        sa.ForeignKeyConstraint(["load_id"], ["calendar_loads.id"], name=("fk_calendar_moves_load_id_calendar_loads")),
        sa.PrimaryKeyConstraint("load_id", "id", name=("pk_calendar_moves")),
    )
    _turn_notices_into_loads()
    op.drop_table("calendar_notices")


def _turn_notices_into_loads() -> None:
    """Keep each notice loaded so far as a load; the worker looks once more for deadlines it makes stale."""
    rows = op.get_bind().execute(sa.text("select year, data, loaded_at, loaded_by from calendar_notices order by year"))
    insert = sa.text(
        "insert into calendar_loads (id, number, year, notice, since, calendar_version, loaded_at, loaded_by, "
        "cases_to_do, cases_done, cases_moved, deadlines_counted, deadlines_moved) "
        "values (:id, :number, :year, :notice, :since, '', :loaded_at, :loaded_by, 0, 0, 0, 0, 0)"
    )
    for number, row in enumerate(rows.mappings().all(), start=1):
        notice = json.loads(row["data"])
        since = min([f"{row['year']:04d}-01-01", *notice["days_off"], *notice["working_weekends"]])
        values = {"id": str(uuid.uuid4()), "number": number, "since": since, "notice": row["data"], **row}
        op.get_bind().execute(insert, values)


def downgrade() -> None:
    op.create_table(
        "calendar_notices",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="the notice as JSON"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", _ID, nullable=False),
        sa.PrimaryKeyConstraint("year", name=("pk_calendar_notices")),
    )
    op.execute(
        "insert into calendar_notices (year, data, loaded_at, loaded_by) "
        "select year, notice, loaded_at, loaded_by from calendar_loads l where notice is not null "
        "and undone_at is null and number = (select max(o.number) from calendar_loads o where o.year = l.year "
        "and o.notice is not null and o.undone_at is null)"
    )
    for table in ("calendar_moves", "calendar_recounts", "calendar_loads"):
        op.drop_table(table)
