"""Every table of the service, as SQLAlchemy Core metadata; the migrations are compared with it by a test."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(36)
CODE = String(64)
FOREVER = "9999-12-31"

organizations = Table(
    "organizations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("parent_id", ID, ForeignKey("organizations.id")),
    Column("kind", CODE, nullable=False),
    Column("name", Text, nullable=False),
    Column("short_name", String(24), nullable=False),
    Column("division", String(12)),
    Column("uscc", String(18)),
    Column("is_court_invited", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Index(None, "parent_id"),
)

people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("subject", String(200), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("roles", Text, nullable=False, comment="JSON list of role codes"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index(None, "person_id"),
    Index(None, "organization_id"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("number", String(64), unique=True),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("procedure", CODE, nullable=False),
    Column("state", CODE, nullable=False),
    Column("stage", CODE, nullable=False),
    Column("last_on", Date, comment="day of the last step of the main track"),
    Column("is_open", Boolean, nullable=False),
    Column("next_due", Date, nullable=False),
    Column("next_term", CODE),
    Column("facts", Text, nullable=False, comment="JSON object"),
    Column("applicants", Text, nullable=False),
    Column("respondents", Text, nullable=False),
    Column("claimed_fen", BigInteger),
    Column("is_collective", Boolean, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("is_migrant_worker", Boolean, nullable=False),
    Column("has_tasks", Boolean, nullable=False),
    Column("has_risk", Boolean, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("last_entry", Text, nullable=False, comment="JSON object: the last entry in short"),
    Column("created_on", Date, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index(None, "organization_id", "state"),
)


tracks = Table(
    "tracks",
    metadata,
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("id", String(200), nullable=False),
    Column("track", CODE, nullable=False),
    Column("state", CODE, nullable=False),
    Column("ref", String(200)),
    Column("last_on", Date),
    PrimaryKeyConstraint("case_id", "id"),
)

subjects = Table(
    "subjects",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("resident_id", Text, comment="sealed under the subject's key"),
    Column("resident_id_hash", String(64)),
    Column("phone", Text, comment="sealed under the subject's key"),
    Column("phone_hash", String(64)),
    Column("address", Text, comment="sealed under the subject's key"),
    Column("bank_account", Text, comment="sealed under the subject's key"),
    Index(None, "case_id"),
    Index(None, "resident_id_hash"),
    Index(None, "phone_hash"),
)

subject_keys = Table(
    "subject_keys",
    metadata,
    Column("id", ID, primary_key=True, comment="a subject, or the case itself"),
    Column("case_id", ID, nullable=False),
    Column("wrapped", Text, comment="data key under the master key; null once destroyed"),
    Column("destroyed_at", DateTime(timezone=True)),
    Index(None, "case_id"),
)

parties = Table(
    "parties",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("role", CODE, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("side", CODE, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject_id", ID),
    Column("headcount", Integer),
    Column("uscc", String(18)),
    Column("resident_id_masked", String(32)),
    Column("phone_masked", String(32)),
    Column("consented_on", Date),
    Column("consent_form", CODE),
    Column("bound", Boolean, nullable=False),
    Column("authority", CODE, nullable=False),
    Column("person_id", ID),
    Column("status", CODE, nullable=False),
    Index(None, "case_id"),
    Index("ix_parties_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
)

claims = Table(
    "claims",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("code", CODE, nullable=False),
    Column("cause_scheme", CODE, nullable=False),
    Column("claimant_side", CODE, nullable=False),
    Column("amount_fen", BigInteger),
    Column("amount_text", Text),
    Column("basis", Text, comment="sealed under the case's key"),
    Column("knew_on", Date),
    Column("outcome", CODE, nullable=False),
    Column("awarded_fen", BigInteger),
    Column("agreed_fen", BigInteger),
    Index(None, "case_id"),
)

obligations = Table(
    "obligations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("agreement_id", ID, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("debtor_id", ID),
    Column("creditor_id", ID),
    Column("amount_fen", BigInteger),
    Column("due_on", Date),
    Column("due_text", Text),
    Column("what", Text, comment="sealed under the case's key"),
    Column("status", CODE, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("done_on", Date),
    Column("payer_id", ID),
    Column("payer_capacity", CODE),
    Index(None, "case_id"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("role", CODE, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index(None, "case_id"),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("term", CODE, nullable=False),
    Column("track_key", String(200), nullable=False),
    Column("party_id", ID),
    Column("ref_id", ID),
    Column("fact", CODE, nullable=False),
    Column("start", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("raw", Date, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("status", CODE, nullable=False),
    Column("ended_on", Date),
    Column("ended_by", CODE),
    Column("calendar_version", CODE, nullable=False),
    Column("moved", Boolean, nullable=False),
    Index(None, "case_id"),
    Index(None, "status", "due"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("term", CODE, nullable=False),
    Column("deadline_id", ID, nullable=False),
    Column("track_id", String(200), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("actions", Text, nullable=False, comment="JSON list of steps that answer it"),
    Column("status", CODE, nullable=False),
    Column("done_on", Date),
    Index(None, "case_id"),
)

history = Table(
    "history",
    metadata,
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("id", ID, nullable=False),
    Column("action", CODE, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("actor_id", ID, nullable=False),
    Column("payload", Text, nullable=False, comment="canonical JSON text: everything the hash covers"),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("case_id", "sequence"),
    UniqueConstraint("id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("case_id", ID, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("published_at", DateTime(timezone=True)),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("etag", CODE),
    Column("location", Text),
    Column("body", Text, nullable=False, comment="sealed under the master key"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("caller", "key"),
)

counters = Table(
    "counters",
    metadata,
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "year"),
)

case_scope = Table(
    "case_scope",
    metadata,
    Column("scope_id", String(40), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("next_due", Date, nullable=False),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("since", Date, nullable=False),
    PrimaryKeyConstraint("scope_id", "is_open", "next_due", "case_id"),
    Index(None, "case_id"),
    UniqueConstraint("case_id", "scope_id"),
)

calendar_notices = Table(
    "calendar_notices",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("data", Text, nullable=False, comment="the notice as JSON"),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("loaded_by", ID, nullable=False),
)
