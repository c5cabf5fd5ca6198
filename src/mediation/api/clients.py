"""Other systems: their accounts and keys, kept by administrators, and the token they get for an assertion."""

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.client_bodies import FORM, ClientChangesIn, ClientIn, ClientKeyIn, TokenIn
from mediation.api.operations import COMMAND, CREATE, END, LIST, READ, operation
from mediation.api.queries import ClientListQuery
from mediation.api.representations import render_plain
from mediation.gateways.clock import real_now
from mediation.services import clients, credentials

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@operation(
    "GET", "/v1/clients", tag="clients", zh="系统账号列表", en="List clients", refuses=LIST, answer=shapes.PageShape,
)  # fmt: skip
async def list_clients(call: Call, query: ClientListQuery) -> Response:
    """Clients of one's own organization, or of one below it, in pages; for its administrators."""
    page = await call.read(clients.list_clients, query.organization_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/clients", tag="clients", zh="登记系统账号", en="Create a client", refuses=CREATE, status=201,
    answer=shapes.ClientShape,
)  # fmt: skip
async def create_client(call: Call, body: ClientIn) -> Response:
    """Register another system with its roles, public keys, and the people it may act for."""
    return await call.write(clients.create_client, body.values(), render_plain)


@operation(
    "GET", "/v1/clients/{client_id}", tag="clients", zh="读取系统账号", en="Read a client", refuses=READ,
    answer=shapes.ClientShape,
)  # fmt: skip
async def read_client(call: Call, client_id: str) -> Response:
    """One client with its API keys, by their beginnings only."""
    return call.document(await call.read(clients.read_client, client_id))


@operation(
    "PATCH", "/v1/clients/{client_id}", tag="clients", zh="更正系统账号", en="Amend a client", refuses=COMMAND,
    answer=shapes.ClientShape,
)  # fmt: skip
async def amend_client(call: Call, client_id: str, body: ClientChangesIn) -> Response:
    """Rename a client, change its roles, public keys or mandates, or close it: it takes effect at once."""
    return await call.write(clients.amend_client, client_id, body.changes(), render_plain)


@operation(
    "POST", "/v1/clients/{client_id}/keys", tag="clients", zh="签发密钥", en="Issue an API key", refuses=CREATE,
    status=201, answer=shapes.IssuedKeyShape,
)  # fmt: skip
async def issue_client_key(call: Call, client_id: str, body: ClientKeyIn) -> Response:
    """Issue an API key, shown in this answer and never again; two may be valid at a time."""
    return await call.write(clients.issue_key, client_id, body.expires_on, render_plain)


@operation(
    "DELETE", "/v1/clients/{client_id}/keys/{key_id}", tag="clients", zh="停用密钥", en="Revoke an API key",
    refuses=END, answer=shapes.ClientKeyShape,
)  # fmt: skip
async def revoke_client_key(call: Call, client_id: str, key_id: str) -> Response:
    """Revoke an API key as of now."""
    return await call.write(clients.revoke_key, client_id, key_id, render_plain)


@operation(
    "POST", "/v1/token", tag="clients", zh="换取访问令牌", en="Grant a token", refuses=(400, 413), takes=FORM,
    answer=shapes.TokenShape,
)  # fmt: skip
async def grant_token(call: Call, body: TokenIn) -> Response:
    """Exchange an assertion signed with a registered key for an access token of ten minutes (private_key_jwt)."""
    found = await call.rooms.database.write(
        credentials.exchange, _assertion(body), body.client_id, call.rooms.audience, real_now()
    )
    return respond(found)


def _assertion(body: TokenIn) -> str:
    """The assertion of a request, when everything else about it is as it should be; raises GrantError."""
    if body.grant_type is None or body.client_assertion is None:
        raise credentials.GrantError("invalid_request", "grant_type and client_assertion are needed")
    if body.grant_type != "client_credentials":
        raise credentials.GrantError("unsupported_grant_type", "grant_type is client_credentials")
    if body.client_assertion_type != _ASSERTION:
        raise credentials.GrantError("invalid_request", f"client_assertion_type is {_ASSERTION}")
    if body.scope is not None:
        raise credentials.GrantError("invalid_scope", "there are no scopes; what a client may do follows its roles")
    return body.client_assertion
