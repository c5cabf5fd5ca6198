"""The tables of the spine: cases with their records, history that only grows, and the directory of bodies and people."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_TABLES = (
    "calendar_notices",
    "idempotency",
    "organizations",
    "outbox",
    "people",
    "subject_keys",
    "cases",
    "counters",
    "memberships",
    "assignments",
    "case_scope",
    "claims",
    "deadlines",
    "history",
    "obligations",
    "parties",
    "subjects",
    "tasks",
    "tracks",
)

# History can only be added to; every entry leaves a bare row in the outbox; the scopes of a case follow it.
_SQLITE = (
    """create trigger history_refuses_update before update on history
    begin select raise(abort, 'history is append-only'); end""",
    """create trigger history_refuses_delete before delete on history
    begin select raise(abort, 'history is append-only'); end""",
    """create trigger history_fills_outbox after insert on history
    begin insert into outbox (case_id, sequence) values (new.case_id, new.sequence); end""",
    """create trigger cases_move_scopes after update of is_open, next_due on cases
    when old.is_open <> new.is_open or old.next_due <> new.next_due
    begin update case_scope set is_open = new.is_open, next_due = new.next_due where case_id = new.id; end""",
)
_POSTGRESQL = (
    """create function history_refuses() returns trigger language plpgsql as $$
    begin raise exception 'history is append-only'; end $$""",
    """create trigger history_refuses_change before update or delete on history
    for each row execute function history_refuses()""",
    """create trigger history_refuses_truncate before truncate on history
    for each statement execute function history_refuses()""",
    """create function history_fills_outbox() returns trigger language plpgsql as $$
    begin insert into outbox (case_id, sequence) values (new.case_id, new.sequence); return null; end $$""",
    """create trigger history_fills_outbox after insert on history
    for each row execute function history_fills_outbox()""",
    """create function cases_move_scopes() returns trigger language plpgsql as $$
    begin
      update case_scope set is_open = new.is_open, next_due = new.next_due where case_id = new.id;
      return null;
    end $$""",
    """create trigger cases_move_scopes after update of is_open, next_due on cases for each row
    when (old.is_open is distinct from new.is_open or old.next_due is distinct from new.next_due)
    execute function cases_move_scopes()""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "calendar_notices",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="the notice as JSON"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("year", name=("pk_calendar_notices")),
    )
    op.create_table(
        "idempotency",
        sa.Column("caller", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False, comment="sealed under the master key"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=("pk_idempotency")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.String(length=24), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("is_court_invited", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["organizations.id"], name=("fk_organizations_parent_id_organizations")),
        sa.PrimaryKeyConstraint("id", name=("pk_organizations")),
    )
    op.create_index("ix_organizations_parent_id", "organizations", ["parent_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_outbox")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_people")),
        sa.UniqueConstraint("subject", name=("uq_people_subject")),
    )
    op.create_table(
        "subject_keys",
        sa.Column("id", sa.String(length=36), nullable=False, comment="a subject, or the case itself"),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=True, comment="data key under the master key; null once destroyed"),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_subject_keys")),
    )
    op.create_index("ix_subject_keys_case_id", "subject_keys", ["case_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True, comment="day of the last step of the main track"),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=False),
        sa.Column("next_term", sa.String(length=64), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False, comment="JSON object"),
        sa.Column("applicants", sa.Text(), nullable=False),
        sa.Column("respondents", sa.Text(), nullable=False),
        sa.Column("claimed_fen", sa.BigInteger(), nullable=True),
        sa.Column("is_collective", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("is_migrant_worker", sa.Boolean(), nullable=False),
        sa.Column("has_tasks", sa.Boolean(), nullable=False),
        sa.Column("has_risk", sa.Boolean(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("last_entry", sa.Text(), nullable=False, comment="JSON object: the last entry in short"),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=("fk_cases_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=("pk_cases")),
        sa.UniqueConstraint("number", name=("uq_cases_number")),
    )
    op.create_index("ix_cases_organization_id_state", "cases", ["organization_id", "state"], unique=False)

    op.create_table(
        "counters",
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=("fk_counters_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("organization_id", "year", name=("pk_counters")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False, comment="JSON list of role codes"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=("fk_memberships_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=("fk_memberships_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=("pk_memberships")),
    )
    op.create_index("ix_memberships_organization_id", "memberships", ["organization_id"], unique=False)
    op.create_index("ix_memberships_person_id", "memberships", ["person_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_assignments_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=("fk_assignments_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=("pk_assignments")),
    )
    op.create_index("ix_assignments_case_id", "assignments", ["case_id"], unique=False)

    op.create_table(
        "case_scope",
        sa.Column("scope_id", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_case_scope_case_id_cases")),
        sa.PrimaryKeyConstraint("scope_id", "is_open", "next_due", "case_id", name=("pk_case_scope")),
        sa.UniqueConstraint("case_id", "scope_id", name=("uq_case_scope_case_id_scope_id")),
    )
    op.create_index("ix_case_scope_case_id", "case_scope", ["case_id"], unique=False)

    op.create_table(
        "claims",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("cause_scheme", sa.String(length=64), nullable=False),
        sa.Column("claimant_side", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("amount_text", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True, comment="sealed under the case's key"),
        sa.Column("knew_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("awarded_fen", sa.BigInteger(), nullable=True),
        sa.Column("agreed_fen", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_claims_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=("pk_claims")),
    )
    op.create_index("ix_claims_case_id", "claims", ["case_id"], unique=False)

    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("track_key", sa.String(length=200), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=True),
        sa.Column("ref_id", sa.String(length=36), nullable=True),
        sa.Column("fact", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("raw", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_deadlines_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=("pk_deadlines")),
    )
    op.create_index("ix_deadlines_case_id", "deadlines", ["case_id"], unique=False)
    op.create_index("ix_deadlines_status_due", "deadlines", ["status", "due"], unique=False)

    op.create_table(
        "history",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False, comment="canonical JSON text: everything the hash covers"),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_history_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "sequence", name=("pk_history")),
        sa.UniqueConstraint("id", name=("uq_history_id")),
    )
    op.create_table(
        "obligations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("debtor_id", sa.String(length=36), nullable=True),
        sa.Column("creditor_id", sa.String(length=36), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_text", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=True, comment="sealed under the case's key"),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.String(length=36), nullable=True),
        sa.Column("payer_capacity", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_obligations_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=("pk_obligations")),
    )
    op.create_index("ix_obligations_case_id", "obligations", ["case_id"], unique=False)

    op.create_table(
        "parties",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("resident_id_masked", sa.String(length=32), nullable=True),
        sa.Column("phone_masked", sa.String(length=32), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("consent_form", sa.String(length=64), nullable=True),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_parties_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=("pk_parties")),
    )
    op.create_index("ix_parties_case_id", "parties", ["case_id"], unique=False)
    op.create_index("ix_parties_name", "parties", ["name"], unique=False, postgresql_ops={"name": "text_pattern_ops"})

    op.create_table(
        "subjects",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("resident_id", sa.Text(), nullable=True, comment="sealed under the subject's key"),
        sa.Column("resident_id_hash", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True, comment="sealed under the subject's key"),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("address", sa.Text(), nullable=True, comment="sealed under the subject's key"),
        sa.Column("bank_account", sa.Text(), nullable=True, comment="sealed under the subject's key"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_subjects_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=("pk_subjects")),
    )
    op.create_index("ix_subjects_case_id", "subjects", ["case_id"], unique=False)
    op.create_index("ix_subjects_phone_hash", "subjects", ["phone_hash"], unique=False)
    op.create_index("ix_subjects_resident_id_hash", "subjects", ["resident_id_hash"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("deadline_id", sa.String(length=36), nullable=False),
        sa.Column("track_id", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False, comment="JSON list of steps that answer it"),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_tasks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=("pk_tasks")),
    )
    op.create_index("ix_tasks_case_id", "tasks", ["case_id"], unique=False)

    op.create_table(
        "tracks",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("track", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_tracks_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "id", name=("pk_tracks")),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in ("history_refuses", "history_fills_outbox", "cases_move_scopes"):
            op.execute(f"drop function {function}()")
