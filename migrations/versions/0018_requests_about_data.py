"""What people ask about their own data, proposals of a disposal that end without one, assessments and incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_ASKS = sa.text("remind_on is not null")
_STANDS = sa.text("ending is null")
_SQLITE = (
    """create trigger data_requests_move_reminders after update of status on data_requests
    when old.status <> new.status
    begin update reminders set is_open = (new.status = 'open') where data_request_id = new.id; end""",
)
_POSTGRESQL = (
    """create function data_requests_move_reminders() returns trigger language plpgsql as $$
    begin update reminders set is_open = (new.status = 'open') where data_request_id = new.id; return null; end $$""",
    """create trigger data_requests_move_reminders after update of status on data_requests for each row
    when (old.status <> new.status) execute function data_requests_move_reminders()""",
)


def upgrade() -> None:
    if _is_postgresql():
        op.execute("set lock_timeout = '5s'")
    _create_requests()
    op.add_column("reminders", sa.Column("data_request_id", sa.String(length=36), nullable=True))
    op.create_index(
        "ix_reminders_data_request_id_kind_days", "reminders", ["data_request_id", "kind", "days"], unique=True
    )
    for statement in _POSTGRESQL if _is_postgresql() else _SQLITE:
        op.execute(statement)
    _let_proposals_end()
    _create_registers()


def downgrade() -> None:
    if _is_postgresql():
        op.execute("set lock_timeout = '5s'")
    for table in ("incidents", "impact_assessments"):
        op.execute(f"delete from subject_keys where id in (select id from {table})")
        op.drop_table(table)
    _let_proposals_stand()
    op.execute(f"drop trigger data_requests_move_reminders{' on data_requests' if _is_postgresql() else ''}")
    if _is_postgresql():
        op.execute("drop function data_requests_move_reminders()")
    op.execute("delete from reminders where data_request_id is not null")
    op.drop_index("ix_reminders_data_request_id_kind_days", "reminders")
    op.drop_column("reminders", "data_request_id")
    op.drop_table("data_requests")


def _create_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False, comment="the person, an agent or an heir"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_by", sa.String(length=36), nullable=False, comment="who wrote it down; by a link: the party"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="sealed under the key of the case"),
        sa.Column("status", sa.String(length=64), nullable=False, comment="open, or the outcome"),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("ground", sa.String(length=64), nullable=True, comment="what a refusal rests on"),
        sa.Column("reason", sa.Text(), nullable=True, comment="sealed under the key of the case"),
        sa.Column(
            "act_id", sa.String(length=36), nullable=True,
            comment="the entry of history, or the reading, that carried it out",
        ),
        sa.Column(
            "remind_on", sa.Date(), nullable=True,
            comment="day on which the worker next looks at it; null: nothing more to say",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_data_requests_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_data_requests"),
    )  # fmt: skip
    op.create_index("ix_data_requests_case_id_id", "data_requests", ["case_id", "id"])
    op.create_index("ix_data_requests_status_due_on_id", "data_requests", ["status", "due_on", "id"])
    op.create_index(
        "ix_data_requests_remind_on", "data_requests", ["remind_on"], postgresql_where=_ASKS, sqlite_where=_ASKS
    )


def _create_registers() -> None:
    """What a body weighed beforehand, and what went wrong."""
    sealed = "texts as JSON, sealed under a key of its own"
    op.create_table(
        "impact_assessments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("handling", sa.String(length=64), nullable=False),
        sa.Column("conclusion", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True, comment="when it is to be looked at again"),
        sa.Column("content", sa.Text(), nullable=True, comment=sealed),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_impact_assessments_organization_id_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_impact_assessments"),
    )
    op.create_index("ix_impact_assessments_organization_id_id", "impact_assessments", ["organization_id", "id"])
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("kinds_of_data", sa.Text(), nullable=False, comment="JSON list of kinds of data"),
        sa.Column("affected", sa.Integer(), nullable=True, comment="how many people, as far as known"),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=36), nullable=False),
        sa.Column("authority_told_on", sa.Date(), nullable=True),
        sa.Column("persons_told_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("amended_by", sa.String(length=36), nullable=True),
        sa.Column("content", sa.Text(), nullable=True, comment=sealed),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_incidents_organization_id_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
    )
    op.create_index("ix_incidents_organization_id_id", "incidents", ["organization_id", "id"])


def _let_proposals_end() -> None:
    """Proposals that stand now count from the case as it is."""
    with op.batch_alter_table("disposals") as disposals:
        disposals.drop_constraint("uq_disposals_case_id", type_="unique")
        disposals.add_column(
            sa.Column(
                "case_version",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="of the case as it was proposed",
            )
        )
        said = "who withdrew it, or proposed anew after it lapsed"
        disposals.add_column(sa.Column("ended_by", sa.String(length=36), nullable=True, comment=said))
        disposals.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        disposals.add_column(sa.Column("ending", sa.String(length=64), nullable=True, comment="withdrawn or lapsed"))
    op.execute("update disposals set case_version = (select c.version from cases c where c.id = disposals.case_id)")
    op.create_index(
        "ix_disposals_case_id", "disposals", ["case_id"], unique=True, postgresql_where=_STANDS, sqlite_where=_STANDS
    )


def _let_proposals_stand() -> None:
    op.execute("delete from disposals where ending is not null")
    op.drop_index("ix_disposals_case_id", "disposals")
    with op.batch_alter_table("disposals") as disposals:
        for column in ("ending", "ended_at", "ended_by", "case_version"):
            disposals.drop_column(column)
        disposals.create_unique_constraint("uq_disposals_case_id", ["case_id"])


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
