"""Organizations, the people in them, and what each is there."""

from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import COMMAND, CREATE, END, LIST, READ, operation
from mediation.api.organization_bodies import (
    MembershipIn,
    OrganizationChangesIn,
    OrganizationIn,
    PersonChangesIn,
    PersonIn,
)
from mediation.api.queries import PageQuery
from mediation.api.representations import render_plain
from mediation.services import moves, organizations, people


@operation(
    "GET", "/v1/organizations", tag="organizations", zh="组织列表", en="List organizations", refuses=LIST,
    answer=shapes.PageShape,
)  # fmt: skip
async def list_organizations(call: Call, query: PageQuery) -> Response:
    """Organizations by name, in pages."""
    page = await call.read(organizations.list_organizations, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/organizations", tag="organizations", zh="登记组织", en="Create an organization",
    refuses=CREATE, status=201,
)  # fmt: skip
async def create_organization(call: Call, body: OrganizationIn) -> Response:
    """Add a body to the tree; administrators of the body above it may."""
    return await call.write(organizations.create_organization, body.values(), render_plain)


@operation(
    "GET", "/v1/organizations/{organization_id}", tag="organizations", zh="读取组织",
    en="Read an organization", refuses=READ,
)  # fmt: skip
async def read_organization(call: Call, organization_id: str) -> Response:
    """One organization, and what an agreement made before it may be used for."""
    return call.document(await call.read(organizations.read_organization, organization_id))


@operation(
    "PATCH", "/v1/organizations/{organization_id}", tag="organizations", zh="更正组织",
    en="Amend an organization", refuses=COMMAND,
)  # fmt: skip
async def amend_organization(call: Call, organization_id: str, body: OrganizationChangesIn) -> Response:
    """Correct an organization, or move it below another (`parent_id`): who is above both places may.

    What is judged by the tree follows at once, and the body it was below sees its cases no longer. The body it comes
    to be below sees each case as soon as the worker has written who sees it anew: the progress is told at `…/moves`.
    """
    return await call.write(organizations.amend_organization, organization_id, body.changes(), render_plain)


class OrganizationMoveShape(TypedDict):
    """A move of a body in the tree; `status` is waiting, running or finished: how far its cases have followed."""

    id: str
    organization_id: str
    old_parent_id: str | None
    new_parent_id: str | None
    moved_at: str
    moved_by: str
    status: str
    cases_to_do: int
    cases_done: int
    scopes_closed: int
    scopes_opened: int
    listed_at: str | None
    finished_at: str | None


class OrganizationMovesShape(TypedDict):
    """One page of moves."""

    items: list[OrganizationMoveShape]
    next: str | None


@operation(
    "GET", "/v1/organizations/{organization_id}/moves", tag="organizations", zh="组织调整记录",
    en="List the moves of an organization", refuses=(401, 403, 404, 422), answer=OrganizationMovesShape,
)  # fmt: skip
async def list_organization_moves(call: Call, organization_id: str, query: PageQuery) -> Response:
    """Where a body was moved, newest first, each move with the progress of its cases; for who keeps the directory."""
    page = await call.read(moves.list_organization_moves, organization_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation("GET", "/v1/people", tag="people", zh="人员列表", en="List people", refuses=LIST, answer=shapes.PageShape)
async def list_people(call: Call, query: PageQuery) -> Response:
    """People of the organization one acts for, in pages."""
    page = await call.read(people.list_people, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation("POST", "/v1/people", tag="people", zh="登记人员", en="Create a person", refuses=CREATE, status=201)
async def create_person(call: Call, body: PersonIn) -> Response:
    """Register somebody under the subject their tokens carry."""
    return await call.write(people.create_person, body.values(), render_plain)


@operation("GET", "/v1/people/{person_id}", tag="people", zh="读取人员", en="Read a person", refuses=READ)
async def read_person(call: Call, person_id: str) -> Response:
    """One person with their memberships."""
    return call.document(await call.read(people.read_person, person_id))


@operation("PATCH", "/v1/people/{person_id}", tag="people", zh="更正人员", en="Amend a person", refuses=COMMAND)
async def amend_person(call: Call, person_id: str, body: PersonChangesIn) -> Response:
    """Correct a name, or deactivate an account: it takes effect at once."""
    return await call.write(people.amend_person, person_id, body.changes(), render_plain)


@operation(
    "POST", "/v1/people/{person_id}/memberships", tag="people", zh="加入组织", en="Add a membership",
    refuses=CREATE, status=201, step_up=True,
)  # fmt: skip
async def add_membership(call: Call, person_id: str, body: MembershipIn) -> Response:
    """Give a person roles in an organization."""
    return await call.write(people.add_membership, person_id, body.values(), render_plain)


@operation(
    "DELETE", "/v1/people/{person_id}/memberships/{membership_id}", tag="people", zh="离开组织",
    en="End a membership", refuses=END,
)  # fmt: skip
async def end_membership(call: Call, person_id: str, membership_id: str) -> Response:
    """End a membership as of today."""
    return await call.write(people.end_membership, person_id, membership_id, render_plain)


@operation("GET", "/v1/me", tag="people", zh="我是谁", en="Read myself", refuses=(401, 403, 422))
async def read_me(call: Call) -> Response:
    """Who the token stands for: the person, the memberships, and the one this request acts under."""
    return respond(await call.read(people.me))
