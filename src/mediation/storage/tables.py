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
    false,
    text,
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
_ASKS = text("remind_on is not null")
_UNDELIVERED = text("delivered_at is null")
_STANDS = text("ending is null")

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
    Column("kind", CODE, nullable=False, server_default="person", comment="person or client"),
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

clients = Table(
    "clients",
    metadata,
    Column("id", ID, ForeignKey("people.id"), primary_key=True),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("jwks", Text, comment="public keys as a JSON Web Key Set"),
    Column("certificates", Text, comment="JSON list: thumbprint, subject and days of each"),
    Column("certificate_subject", Text, comment="RFC 4514, where a CA vouches for it"),
    Column("may_act_for", Text, nullable=False, comment="JSON list of ids of people"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", ID, nullable=False),
    Column("rotated_at", DateTime(timezone=True), comment="when its keys last changed"),
    Column("last_used_at", DateTime(timezone=True), comment="to the hour"),
    Index(None, "organization_id"),
)

client_keys = Table(
    "client_keys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("client_id", ID, ForeignKey("clients.id"), nullable=False),
    Column("digest", String(64), nullable=False, comment="keyed hash of the secret"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", ID, nullable=False),
    Column("expires_on", Date, nullable=False, comment="the last day it serves"),
    Column("revoked_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True), comment="to the hour"),
    Index(None, "client_id"),
)

client_assertions = Table(
    "client_assertions",
    metadata,
    Column("client_id", ID, nullable=False),
    Column("jti", String(200), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("client_id", "jti"),
    Index(None, "expires_at"),
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
    Column("limitation_acts", Text, nullable=False, server_default="[]", comment="JSON list: acts on limitation"),
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
    Column("given_end", Date),
    Column("ledger", Text, nullable=False, server_default="[]", comment="JSON list of pauses and extensions"),
    Column("is_paused", Boolean, nullable=False, server_default=false()),
    Column("remind_on", Date, comment="day on which the worker next looks at it; null: nothing more to say"),
    Index(None, "case_id"),
    Index(None, "status", "due"),
    Index(None, "remind_on", postgresql_where=_ASKS, sqlite_where=_ASKS),
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
    Column("owner_role", CODE, nullable=False, server_default="clerk"),
    Column("owner_id", ID),
    Column("note", Text, comment="sealed under the case's key"),
    Column("escalate_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("remind_on", Date, comment="day on which the worker next looks at it; null: nothing more to say"),
    Index(None, "case_id"),
    Index(None, "status", "due_on", "id"),
    Index(None, "remind_on", postgresql_where=_ASKS, sqlite_where=_ASKS),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("deadline_id", ID, ForeignKey("deadlines.id")),
    Column("task_id", ID, ForeignKey("tasks.id")),
    Column("data_request_id", ID),
    Column("term", CODE, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("days", Integer, nullable=False, comment="days before the last day; of an escalation, days after it"),
    Column("due_on", Date, nullable=False),
    Column("created_on", Date, nullable=False),
    Column("audience", CODE, nullable=False),
    Column("is_open", Boolean, nullable=False, comment="the deadline still runs to that day, or the task is open"),
    UniqueConstraint("deadline_id", "days", "due_on"),
    UniqueConstraint("task_id"),
    Index(None, "data_request_id", "kind", "days", unique=True),
    Index(None, "case_id"),
    Index(None, "is_open", "due_on", "id"),
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
    Column("kind", CODE, nullable=False, comment="entry: of history; else the event's own name"),
    Column("case_id", ID),
    Column("sequence", Integer, comment="of an entry of history"),
    Column("ref_id", ID, comment="what any other event is about"),
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
    Column("case_id", ID, comment="what the answer is about; null: no single case"),
    PrimaryKeyConstraint("caller", "key"),
    Index(None, "case_id"),
    Index(None, "created_at"),
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
    Column("next_due", Date, nullable=False),  # of the case; for a body it was sent to, the day it was sent
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("since", Date, nullable=False),
    PrimaryKeyConstraint("scope_id", "is_open", "next_due", "case_id"),
    Index(None, "case_id"),
    UniqueConstraint("case_id", "scope_id"),
)

organization_moves = Table(
    "organization_moves",
    metadata,
    Column("id", ID, primary_key=True),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("old_parent_id", ID),
    Column("new_parent_id", ID),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Column("moved_by", ID, nullable=False),
    Column("cases_to_do", Integer, nullable=False),
    Column("cases_done", Integer, nullable=False),
    Column("scopes_closed", Integer, nullable=False),
    Column("scopes_opened", Integer, nullable=False),
    Column("listed_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Index(None, "organization_id", "id"),
)

organization_move_cases = Table(
    "organization_move_cases",
    metadata,
    Column("move_id", ID, ForeignKey("organization_moves.id"), nullable=False),
    Column("case_id", ID, nullable=False),
    PrimaryKeyConstraint("move_id", "case_id"),
)

calendar_loads = Table(
    "calendar_loads",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("year", Integer, nullable=False),
    Column("undoes_id", ID, ForeignKey("calendar_loads.id")),
    Column("notice", Text, comment="the notice as JSON; null for an undo"),
    Column("replaced", Text, comment="the notice that stood before, as JSON"),
    Column("since", Date, comment="first day it touches; null where it changed none"),
    Column("calendar_version", CODE, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("loaded_by", ID, nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", ID),
    Column("cases_to_do", Integer, nullable=False),
    Column("cases_done", Integer, nullable=False),
    Column("cases_moved", Integer, nullable=False),
    Column("deadlines_counted", Integer, nullable=False),
    Column("deadlines_moved", Integer, nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("looked_at", DateTime(timezone=True), comment="last search for stale deadlines"),
    Column("finished_at", DateTime(timezone=True)),
)

calendar_recounts = Table(
    "calendar_recounts",
    metadata,
    Column("load_id", ID, ForeignKey("calendar_loads.id"), nullable=False),
    Column("case_id", ID, nullable=False),
    PrimaryKeyConstraint("load_id", "case_id"),
    Index(None, "case_id"),
)

calendar_moves = Table(
    "calendar_moves",
    metadata,
    Column("load_id", ID, ForeignKey("calendar_loads.id"), nullable=False),
    Column("id", ID, nullable=False),
    Column("case_id", ID, nullable=False),
    Column("deadline_id", ID, nullable=False),
    Column("term", CODE, nullable=False),
    Column("old_due", Date, nullable=False),
    Column("new_due", Date, nullable=False),
    Column("was_provisional", Boolean, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("old_working", Text, nullable=False, comment="JSON list: the arithmetic of the old date"),
    Column("new_working", Text, nullable=False, comment="JSON list: the arithmetic of the new date"),
    PrimaryKeyConstraint("load_id", "id"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False, comment="canonical JSON text: everything the signature covers"),
    Column("signature", String(128), nullable=False),
    Column("key_id", CODE, nullable=False),
    Column("new_key", CODE, comment="the public key where this checkpoint is the first under it"),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)

checkpoint_leaves = Table(
    "checkpoint_leaves",
    metadata,
    Column("number", Integer, nullable=False),
    Column("case_id", ID, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    PrimaryKeyConstraint("number", "case_id"),
    Index(None, "case_id", "number"),
)

checkpoint_parts = Table(
    "checkpoint_parts",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("first_case_id", ID, nullable=False),
    Column("root", String(64), nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", CODE, primary_key=True),
    Column("owner", ID, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)

local_figures = Table(
    "local_figures",
    metadata,
    Column("kind", CODE, nullable=False),
    Column("place", String(200), nullable=False),
    Column("since", Date, nullable=False),
    Column("data", Text, nullable=False, comment="the figure as JSON"),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("loaded_by", ID, nullable=False),
    PrimaryKeyConstraint("kind", "place", "since"),
)

computations = Table(
    "computations",
    metadata,
    Column("claim_id", ID, ForeignKey("claims.id"), primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("kind", CODE, nullable=False),
    Column("party_id", ID, nullable=False, comment="the worker whose employment it rests on"),
    Column("computed_on", Date, nullable=False),
    Column("computed_by", ID, nullable=False),
    Column("amount_fen", BigInteger),
    Column("minimum_fen", BigInteger),
    Column("maximum_fen", BigInteger),
    Column("rule_version", CODE, nullable=False),
    Column("data", Text, comment="inputs and working as JSON, sealed under the key of the case"),
    Index(None, "case_id"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("round", Integer, nullable=False),
    Column("side", CODE, nullable=False, comment="whose offer it is; mediator: proposed to both"),
    Column("made_by", ID, comment="a party; null for a proposal of the mediator"),
    Column("made_on", Date, nullable=False),
    Column("status", CODE, nullable=False),
    Column("answered_on", Date),
    Column("content", Text, comment="text and amount as JSON, sealed under the key of what was said in mediation"),
    Index(None, "case_id", "id"),
)

party_links = Table(
    "party_links",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("party_id", ID, nullable=False),
    Column("digest", String(64), nullable=False, comment="keyed hash of the secret"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", ID, nullable=False),
    Column("expires_on", Date, nullable=False, comment="the last day it serves"),
    Column("revoked_at", DateTime(timezone=True)),
    Index(None, "case_id", "party_id", "id"),
)

party_messages = Table(
    "party_messages",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("party_id", ID, nullable=False),
    Column("link_id", ID, nullable=False),
    Column("side", CODE, nullable=False, comment="whose message it is"),
    Column("kind", CODE, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("text", Text, comment="sealed under the key of what was said in mediation"),
    Index(None, "case_id", "id"),
)

undisputed_facts = Table(
    "undisputed_facts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("signed", Text, nullable=False, comment="JSON object: the day on which each party signed"),
    Column("settled_on", Date, comment="the day on which the last of all had signed"),
    Column("text", Text, comment="sealed: as said in mediation until settled, then under the key of the case"),
    Index(None, "case_id", "id"),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("budget", CODE, nullable=False),
    Column("key", String(64), nullable=False, comment="keyed hash of who is counted"),
    Column("ends_at", BigInteger, nullable=False, comment="end of the window, seconds since 1970"),
    Column("used", Integer, nullable=False, comment="spent, or lent to a process"),
    Column("granted", Integer, nullable=False, comment="lent by the statement that came last"),
    Column("refused", Integer, nullable=False, comment="how often nothing was left in this window"),
    PrimaryKeyConstraint("budget", "key"),
    Index(None, "ends_at"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", CODE, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("organization_id", ID, ForeignKey("organizations.id"), comment="null: of nobody we know"),
    Column("person_id", ID),
    Column("network", String(64), comment="the address, its last part left out"),
    Column("mark", String(64), nullable=False, comment="keyed hash: the same for the same source"),
    Column("number", Integer, nullable=False, comment="how many in one window raise it"),
    Column("seconds", Integer, nullable=False, comment="length of the window"),
    Index(None, "organization_id", "id"),
)

grants = Table(
    "grants",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("organization_id", ID, nullable=False, comment="the body the person acts for"),
    Column("handling_id", ID, nullable=False, comment="the body the case lies with; ends if it moves"),
    Column("how", CODE, nullable=False),
    Column("ceiling", CODE, nullable=False, comment="the class of data up to which it reaches"),
    Column("purpose", CODE, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", ID),
    Index(None, "case_id", "person_id"),
    Index(None, "handling_id", "id"),
)

access_requests = Table(
    "access_requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False, comment="the body acted for"),
    Column("case_number", String(64), nullable=False, comment="as asked for: there may be no such case"),
    Column("purpose", CODE, nullable=False),
    Column("reason", Text, comment="sealed: under a key of the request, once delivered under the key of the case"),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), comment="the end wished for"),
    Column("delivered_at", DateTime(timezone=True), comment="null: nobody looked yet whether there is such a case"),
    Column("case_id", ID, ForeignKey("cases.id"), comment="null: not delivered, or no such case"),
    Column("status", CODE, nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", ID),
    Column("answer", Text, comment="sealed under the key of the case: the note or the reason of a decision"),
    Column("grant_id", ID, ForeignKey("grants.id")),
    Index(None, "person_id", "id"),
    Index(None, "case_id", "id"),
    Index(None, "id", postgresql_where=_UNDELIVERED, sqlite_where=_UNDELIVERED),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("person_id", ID, nullable=False),
    Column("on_behalf_of", ID),
    Column("organization_id", ID, comment="the body acted for"),
    Column("operation", CODE, nullable=False),
    Column("case_id", ID),
    Column("party_id", ID, comment="null: everybody on the case"),
    Column("searched", CODE, comment="kind of value looked for"),
    Column("searched_hash", String(64), comment="its keyed hash"),
    Column("purpose", CODE),
    Column("request_id", String(128), nullable=False),
    Index(None, "organization_id", "id"),
    Index(None, "case_id", "id"),
    Index(None, "person_id", "id"),
    Index(None, "at"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("party_id", ID, nullable=False),
    Column("purpose", CODE, nullable=False),
    Column("kinds", Text, nullable=False, comment="JSON list of kinds of data"),
    Column("form", CODE, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("withdrawn_on", Date),
    Column("recorded_by", ID, nullable=False),
    Index(None, "case_id", "id"),
)

sharing_records = Table(
    "sharing_records",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("recipient_id", ID, nullable=False, comment="the body that was given the data"),
    Column("purpose", CODE, nullable=False),
    Column("kinds", Text, nullable=False, comment="JSON list of kinds of data"),
    Column("shared_on", Date, nullable=False),
    Column("basis", CODE, comment="consent or legal_duty; null: not stated"),
    Column("legal_basis", String(200), comment="the articles a legal duty rests on"),
    Column("action", CODE, comment="the step that sent it; null: recorded by hand"),
    Column("recorded_by", ID, nullable=False),
    Index(None, "case_id", "id"),
)

data_requests = Table(
    "data_requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("party_id", ID, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("asked_by", CODE, nullable=False, comment="the person, an agent or an heir"),
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("recorded_by", ID, nullable=False, comment="who wrote it down; by a link: the party"),
    Column("note", Text, comment="sealed under the key of the case"),
    Column("status", CODE, nullable=False, comment="open, or the outcome"),
    Column("answered_on", Date),
    Column("answered_by", ID),
    Column("ground", CODE, comment="what a refusal rests on"),
    Column("reason", Text, comment="sealed under the key of the case"),
    Column("act_id", ID, comment="the entry of history, or the reading, that carried it out"),
    Column("remind_on", Date, comment="day on which the worker next looks at it; null: nothing more to say"),
    Index(None, "case_id", "id"),
    Index(None, "status", "due_on", "id"),
    Index(None, "remind_on", postgresql_where=_ASKS, sqlite_where=_ASKS),
)

impact_assessments = Table(
    "impact_assessments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("handling", CODE, nullable=False),
    Column("conclusion", CODE, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("made_by", ID, nullable=False),
    Column("review_on", Date, comment="when it is to be looked at again"),
    Column("content", Text, comment="texts as JSON, sealed under a key of its own"),
    Index(None, "organization_id", "id"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("kind", CODE, nullable=False),
    Column("kinds_of_data", Text, nullable=False, comment="JSON list of kinds of data"),
    Column("affected", Integer, comment="how many people, as far as known"),
    Column("noticed_on", Date, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("reported_by", ID, nullable=False),
    Column("authority_told_on", Date),
    Column("persons_told_on", Date),
    Column("closed_on", Date),
    Column("amended_by", ID),
    Column("content", Text, comment="texts as JSON, sealed under a key of its own"),
    Index(None, "organization_id", "id"),
)

disposals = Table(
    "disposals",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("case_version", Integer, nullable=False, server_default="0", comment="of the case as it was proposed"),
    Column("organization_id", ID, ForeignKey("organizations.id"), nullable=False),
    Column("case_number", String(64)),
    Column("outcome", CODE, nullable=False, comment="the state the case ended in"),
    Column("rule", CODE, nullable=False, comment="what it was kept by"),
    Column("kept_until", Date, nullable=False),
    Column("reason", CODE, nullable=False),
    Column("proposed_by", ID, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("confirmed_by", ID),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("keys_destroyed", Integer),
    Column("ended_by", ID, comment="who withdrew it, or proposed anew after it lapsed"),
    Column("ended_at", DateTime(timezone=True)),
    Column("ending", CODE, comment="withdrawn or lapsed"),
    Index(None, "case_id", unique=True, postgresql_where=_STANDS, sqlite_where=_STANDS),
    Index(None, "organization_id", "id"),
)
