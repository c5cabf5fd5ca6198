"""The row filter in SQL: which rows of `case_scope` a list looks into, told by who asks and for which scope."""

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
    acting = "m.organization_id = :acting_as" if chosen else "true"
    organization = _ORGANIZATION.format(acting_as=acting, running=running_sql(dialect))
    return _SCOPES[scope].format(organization=organization)
