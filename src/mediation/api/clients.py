"""Other systems: their accounts and keys, kept by administrators, and the token for an assertion or certificate."""

from typing import Any

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.client_bodies import FORM, ClientChangesIn, ClientIn, ClientKeyIn, TokenIn
from mediation.api.operations import COMMAND, CREATE, END, LIST, READ, operation
from mediation.api.queries import ClientListQuery
from mediation.api.representations import render_plain
from mediation.api.request_log import record_of
from mediation.api.strength import Credential
from mediation.gateways.certificates import Certificate
from mediation.gateways.clock import real_now
from mediation.gateways.tokens import TokenError
from mediation.services import clients, credentials

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@operation(
    "GET", "/v1/clients", tag="clients", zh="系统账号列表", en="List clients", refuses=LIST, answer=shapes.PageShape,
)  # fmt: skip
async def list_clients(call: Call, query: ClientListQuery) -> Response:
    """Clients of one's own organization, or of one below it, in pages; for administrators and security officers."""
    page = await call.read(clients.list_clients, query.organization_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/clients", tag="clients", zh="登记系统账号", en="Create a client", refuses=CREATE, status=201,
    answer=shapes.ClientShape, step_up=True,
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
    answer=shapes.ClientShape, step_up=True,
)  # fmt: skip
async def amend_client(call: Call, client_id: str, body: ClientChangesIn) -> Response:
    """Rename a client, change its roles, public keys or mandates, or close it: it takes effect at once."""
    return await call.write(clients.amend_client, client_id, body.changes(), render_plain)


@operation(
    "POST", "/v1/clients/{client_id}/keys", tag="clients", zh="签发密钥", en="Issue an API key", refuses=CREATE,
    status=201, answer=shapes.IssuedKeyShape, step_up=True,
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
    """Exchange an assertion signed with a registered key for an access token of ten minutes (private_key_jwt).

    Or a certificate, shown to the proxy in front, of the client that `client_id` names (tls_client_auth,
    self_signed_tls_client_auth): the token is then bound to it, and serves who shows it again.
    """
    asserts = body.client_assertion is not None or body.client_assertion_type is not None
    record, shown = record_of(call.request.scope), _shown(call, is_read=not asserts)
    record.signs_in_with(Credential.CLIENT_ASSERTION if shown is None else Credential.CLIENT_CERTIFICATE)
    granted = await (_by_assertion(call, body) if shown is None else _by_certificate(call, body, shown))
    record.is_signed_in = True
    return respond(granted)


def _shown(call: Call, *, is_read: bool) -> Certificate | None:
    """The certificate that came along, where it is to be read.

    GrantError for one that cannot be, or that somebody else than the proxy in front tells of.
    """
    try:
        call.refuse_forged_certificate()
        shown = call.certificate if is_read else None
    except TokenError as error:
        raise credentials.GrantError("invalid_client", str(error)) from None
    return shown


async def _by_assertion(call: Call, body: TokenIn) -> dict[str, Any]:
    rooms = call.rooms
    return await rooms.database.write(
        credentials.exchange, _assertion(body), body.client_id, rooms.audience, real_now()
    )


async def _by_certificate(call: Call, body: TokenIn, shown: Certificate) -> dict[str, Any]:
    _check_form(body)
    if body.client_id is None:
        raise credentials.GrantError("invalid_request", "client_id is needed beside a certificate")
    rooms = call.rooms
    return await rooms.database.write(
        credentials.exchange_certificate, body.client_id, shown, real_now(),
        is_ca_checked=rooms.certificates.is_ca_checked,
    )  # fmt: skip


def _assertion(body: TokenIn) -> str:
    """The assertion of a request, when everything else about it is as it should be; raises GrantError."""
    if body.client_assertion is None:
        raise credentials.GrantError("invalid_request", "grant_type and client_assertion are needed")
    _check_form(body)
    if body.client_assertion_type != _ASSERTION:
        raise credentials.GrantError("invalid_request", f"client_assertion_type is {_ASSERTION}")
    return body.client_assertion


def _check_form(body: TokenIn) -> None:
    """Raise GrantError unless what is asked for is offered."""
    if body.grant_type is None:
        raise credentials.GrantError("invalid_request", "grant_type and client_assertion are needed")
    if body.grant_type != "client_credentials":
        raise credentials.GrantError("unsupported_grant_type", "grant_type is client_credentials")
    if body.scope is not None:
        raise credentials.GrantError("invalid_scope", "there are no scopes; what a client may do follows its roles")
