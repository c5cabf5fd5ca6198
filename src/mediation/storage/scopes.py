"""The row filter in SQL: which rows of `case_scope` a list looks into, and which of them still stand."""

from __future__ import annotations

from mediation.storage.accounts import running_sql

_SCOPES = {
    "me": "(select 'p:' || id from people where subject = :subject)",
    "organization": "'o:' || ({organization})",
    "below": "'b:' || ({organization})",
    "sent": "'s:' || ({organization})",
}
_ORGANIZATION = (
    "select m.organization_id from memberships m join people p on p.id = m.person_id where p.subject = :subject "
    "and {running} and {acting_as} order by m.id limit 1"
)


def scope_sql(dialect: str, scope: str, *, chosen: bool) -> str:
    """The id of one scope of the caller, told by `:subject`, `:today`, and `:acting_as` where one is chosen."""
    return _SCOPES[scope].format(organization=organization_sql(dialect, chosen=chosen))


def organization_sql(dialect: str, *, chosen: bool) -> str:
    """The id of the body the caller acts for, told by the same."""
    acting = ":acting_as in (m.organization_id, m.id)" if chosen else "true"
    return _ORGANIZATION.format(acting_as=acting, running=running_sql(dialect))


_UNDER_WAY = "select 1 from organization_moves where finished_at is null"
_BODIES_ABOVE = (
    "with recursive up (parent_id) as (select parent_id from organizations where id = {organization} "
    "union select o.parent_id from organizations o join up on o.id = up.parent_id) "
    "select parent_id from up where parent_id is not null"
)


def bodies_above_sql(organization: str) -> str:
    """The ids of the bodies above an organization, which an expression names."""
    return _BODIES_ABOVE.format(organization=organization)


_BODIES_BELOW = (
    "with recursive down (id) as (select id from organizations where parent_id = substr({scope}, 3) "
    "union select o.id from organizations o join down on o.parent_id = down.id) select id from down"
)


def still_below_sql(scope: str, organization: str) -> str:
    """The same as `standing_sql`, for the many cases of one `b:` scope: the tree is walked once, downwards."""
    below = _BODIES_BELOW.format(scope=scope)
    return f"(not exists ({_UNDER_WAY}) or {organization} in ({below}))"


def standing_sql(scope: str, organization: str) -> str:
    """Whether a row of `case_scope` still stands, by expressions for its scope and the body that handles the case.

    While a moved body's cases wait to be written again, a body sees those below it by the tree as it is now and not
    as it was. While none waits, this asks nothing of a row.
    """
    above = bodies_above_sql(organization)
    return f"(not exists ({_UNDER_WAY}) or {scope} not like 'b:%' or substr({scope}, 3) in ({above}))"


_MEMBERSHIPS = "select 1 from memberships m join people p on p.id = m.person_id where p.subject = :subject"
_PART = (
    "select {told} from {table} y join people z on z.id = y.person_id where y.case_id = {case_id} "
    "and z.subject = :subject and {stands}"
)


def _belonging_sql(dialect: str) -> str:
    """Whether a membership of `:subject` counts `:today` and none is with an authority; it asks nothing of a row."""
    running = f"{_MEMBERSHIPS} and {running_sql(dialect)}"
    return f"(exists ({running}) and not exists ({running} and m.roles like '%liaison%'))"


def _serving_sql(dialect: str) -> str:
    """Whether one counts, or none is on file."""
    return f"(not exists ({_MEMBERSHIPS}) or {_belonging_sql(dialect)})"


def party_sql(case_id: str, *, of: str = "true") -> str:
    """Whether `:subject` is a party of a case; `of` says more of the party `y`."""
    stands = f"y.status = 'active' and {of}"
    return f"exists ({_PART.format(told='1', table='parties', case_id=case_id, stands=stands)})"


def own_side_sql(case_id: str) -> str:
    """The side on which `:subject` is a party of a case, or null."""
    told = _PART.format(told="y.side", table="parties", case_id=case_id, stands="y.status = 'active'")
    return f"({told} order by y.id limit 1)"


def _assigned_sql(case_id: str) -> str:
    stands = "y.until is null and y.role in ('mediator', 'volunteer', 'agent')"
    return f"exists ({_PART.format(told='1', table='assignments', case_id=case_id, stands=stands)})"


def _at_home_sql(dialect: str, case_id: str, organization: str, *, chosen: bool) -> str:
    """Whether a case lies with the body acted for, or below it, by expressions for its id and the handling body."""
    here, below = (scope_sql(dialect, scope, chosen=chosen) for scope in ("organization", "below"))
    standing = standing_sql("w.scope_id", organization)
    seen = f"w.case_id = {case_id} and w.scope_id in ({here}, {below}) and {standing}"
    return f"exists (select 1 from case_scope w where {seen})"


def own_sql(dialect: str, *, chosen: bool) -> str:
    """Whether a case `c` of one's own scope is still one's own to see, as `services/identity.py: is_seen` tells it.

    Who is a party, or was given a part and left not every body, sees it; who wrote it down without a part does so in
    private, or while it lies with the body acted for or below.
    """
    body, home = (
        organization_sql(dialect, chosen=chosen),
        _at_home_sql(dialect, "c.id", "c.organization_id", chosen=chosen),
    )
    serving = f"({_serving_sql(dialect)} and ({_assigned_sql('c.id')} or ({body}) is null))"
    return f"({party_sql('c.id')} or {serving} or {home})"


def own_work_sql(dialect: str, case_id: str, organization: str, *, chosen: bool) -> str:
    """Whether the work on a case of one's own scope is seen: by no party, nor from another house, nor after leaving."""
    home = _at_home_sql(dialect, case_id, organization, chosen=chosen)
    written = f"({_belonging_sql(dialect)} and not {party_sql(case_id)} and {home})"
    return f"({written} or ({_serving_sql(dialect)} and {_assigned_sql(case_id)}))"
