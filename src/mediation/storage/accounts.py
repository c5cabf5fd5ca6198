"""Who acts, in SQL: an account with the memberships that count on the day asked for, as one JSON value."""

from __future__ import annotations

_MEMBERSHIP = "'id', m.id, 'organization_id', m.organization_id, 'roles', m.roles, 'kind', o.kind"


def running_sql(dialect: str) -> str:
    """Whether a membership `m` counts on the day `:today`: from `since` on, and until the day before `until`."""
    day = ":today" if dialect == "sqlite" else "cast(:today as date)"
    return f"m.since <= {day} and (m.until is null or m.until > {day})"


def actor_sql(dialect: str) -> str:
    """The account of `:subject`, or null."""
    return _account_sql(dialect, "p.subject = :subject")


def represented_sql(dialect: str) -> str:
    """The account `:represented`, with those that the client `:subject` may act for."""
    mandates = "(select k.may_act_for from clients k join people q on q.id = k.id where q.subject = :subject)"
    return _account_sql(dialect, "p.id = :represented", f", 'mandates', {mandates}")


def _account_sql(dialect: str, condition: str, further: str = "") -> str:
    source = (
        "from memberships m join organizations o on o.id = m.organization_id "
        f"where m.person_id = p.id and {running_sql(dialect)}"
    )
    if dialect == "sqlite":
        memberships = f"json((select json_group_array(json_object({_MEMBERSHIP})) {source}))"
        build, cast = "json_object", ""
    else:
        memberships = f"(select coalesce(json_agg(json_build_object({_MEMBERSHIP})), '[]') {source})"
        build, cast = "json_build_object", "::text"
    enrolled = "exists (select 1 from memberships e where e.person_id = p.id)"
    told = (
        f"'id', p.id, 'name', p.name, 'kind', p.kind, 'active', p.is_active, 'enrolled', {enrolled}, "
        f"'memberships', {memberships}{further}"
    )
    return f"(select {build}({told}){cast} from people p where {condition})"
