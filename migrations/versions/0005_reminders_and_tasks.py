"""Reminders of running terms and of tasks nobody answers, tasks with an owner, and events beside those of history.

Terms that run already, and tasks that are open, are looked at in the worker's next round: the latest rung reached of
each gets its reminder.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A reminder is open while its term runs to the day it spoke of, or while its task is open.
_STILL = "new.status = 'running' and not new.is_paused and due_on = new.due"
_SQLITE = (
    f"""create trigger deadlines_move_reminders after update of status, is_paused, due on deadlines
    when old.status <> new.status or old.is_paused <> new.is_paused or old.due <> new.due
    begin update reminders set is_open = ({_STILL}) where deadline_id = new.id; end""",
    """create trigger tasks_move_reminders after update of status on tasks when old.status <> new.status
    begin update reminders set is_open = (new.status = 'open') where task_id = new.id; end""",
)
_POSTGRESQL = (
    f"""create function deadlines_move_reminders() returns trigger language plpgsql as $$
    begin update reminders set is_open = ({_STILL}) where deadline_id = new.id; return null; end $$""",
    """create trigger deadlines_move_reminders after update of status, is_paused, due on deadlines for each row
    when (old.status <> new.status or old.is_paused <> new.is_paused or old.due <> new.due)
    execute function deadlines_move_reminders()""",
    """create function tasks_move_reminders() returns trigger language plpgsql as $$
    begin update reminders set is_open = (new.status = 'open') where task_id = new.id; return null; end $$""",
    """create trigger tasks_move_reminders after update of status on tasks for each row
    when (old.status <> new.status) execute function tasks_move_reminders()""",
)
_FILLS = "insert into outbox ({kind}case_id, sequence) values ({value}new.case_id, new.sequence);"


def upgrade() -> None:
    asks = sa.text("remind_on is not null")
    said = "day on which the worker next looks at it; null: nothing more to say"
    op.add_column("deadlines", sa.Column("remind_on", sa.Date(), nullable=True, comment=said))
    for column in (
        sa.Column("owner_role", sa.String(length=64), nullable=False, server_default="clerk"),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True, comment="sealed under the case's key"),
        sa.Column("escalate_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("remind_on", sa.Date(), nullable=True, comment=said),
    ):
        op.add_column("tasks", column)
    op.execute("update deadlines set remind_on = current_date where status = 'running' and not is_paused")
    op.execute("update tasks set escalate_on = current_date, remind_on = current_date where status = 'open'")
    for table in ("deadlines", "tasks"):
        op.create_index(f"ix_{table}_remind_on", table, ["remind_on"], postgresql_where=asks, sqlite_where=asks)
    op.create_index("ix_tasks_status_due_on_id", "tasks", ["status", "due_on", "id"])
    _create_reminders()
    _open_outbox()
    for statement in _POSTGRESQL if _is_postgresql() else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("tasks", "deadlines"):
        on = f" on {table}" if _is_postgresql() else ""
        op.execute(f"drop trigger {table}_move_reminders{on}")
        if _is_postgresql():
            op.execute(f"drop function {table}_move_reminders()")
    _close_outbox()
    op.drop_table("reminders")
    op.drop_index("ix_tasks_status_due_on_id", "tasks")
    for table in ("tasks", "deadlines"):
        op.drop_index(f"ix_{table}_remind_on", table)
    for column in ("remind_on", "version", "escalate_on", "note", "owner_id", "owner_role"):
        op.drop_column("tasks", column)
    op.drop_column("deadlines", "remind_on")


def _create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("deadline_id", sa.String(length=36), nullable=True),
        sa.Column("task_id", sa.String(length=36), nullable=True),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "days", sa.Integer(), nullable=False, comment="days before the last day; of an escalation, days after it"
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column(
            "is_open",
            sa.Boolean(),
            nullable=False,
            comment="the deadline still runs to that day, or the task is open",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reminders_case_id_cases"),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name="fk_reminders_deadline_id_deadlines"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_reminders_task_id_tasks"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("deadline_id", "days", "due_on", name="uq_reminders_deadline_id_days_due_on"),
        sa.UniqueConstraint("task_id", name="uq_reminders_task_id"),
    )
    op.create_index("ix_reminders_case_id", "reminders", ["case_id"])
    op.create_index("ix_reminders_is_open_due_on_id", "reminders", ["is_open", "due_on", "id"])


def _open_outbox() -> None:
    """Let the outbox hold events that are no entry of a case's history."""
    _stop_filling()
    with op.batch_alter_table("outbox") as outbox:
        said = "entry: of history; else the event's own name"
        outbox.add_column(sa.Column("kind", sa.String(length=64), nullable=False, server_default="entry", comment=said))
        outbox.add_column(
            sa.Column("ref_id", sa.String(length=36), nullable=True, comment="what any other event is about")
        )
        outbox.alter_column("case_id", existing_type=sa.String(length=36), nullable=True)
        outbox.alter_column(
            "sequence", existing_type=sa.Integer(), nullable=True, comment="of an entry of history",
        )  # fmt: skip
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("kind", existing_type=sa.String(length=64), server_default=None, existing_comment=said)
    _fill("kind, ", "'entry', ")


def _close_outbox() -> None:
    _stop_filling()
    op.execute("delete from outbox where kind <> 'entry'")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("ref_id")
        outbox.drop_column("kind")
        outbox.alter_column("sequence", existing_type=sa.Integer(), nullable=False, comment=None)
        outbox.alter_column("case_id", existing_type=sa.String(length=36), nullable=False)
    _fill("", "")


def _stop_filling() -> None:
    op.execute(f"drop trigger history_fills_outbox{' on history' if _is_postgresql() else ''}")
    if _is_postgresql():
        op.execute("drop function history_fills_outbox()")


def _fill(kind: str, value: str) -> None:
    """Every entry of history leaves a bare row in the outbox."""
    body = _FILLS.format(kind=kind, value=value)
    if not _is_postgresql():
        op.execute(f"create trigger history_fills_outbox after insert on history begin {body} end")
        return
    op.execute(
        f"create function history_fills_outbox() returns trigger language plpgsql as $$ "
        f"begin {body} return null; end $$"
    )
    op.execute(
        "create trigger history_fills_outbox after insert on history "
        "for each row execute function history_fills_outbox()"
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
