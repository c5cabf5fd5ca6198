"""What proves that histories were not rewritten: checkpoints, their public keys, and the export of a case."""

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import LIST, OPEN_TO_ALL, READ, operation
from mediation.api.queries import HistoryQuery
from mediation.domain.personal_data import Reading
from mediation.services import checkpoints, exports


@operation(
    "GET", "/v1/cases/{case_id}/history/export", tag="history", zh="导出可核验的办理经过", en="Export history",
    refuses=(*READ, 409), answer=shapes.HistoryExportShape, step_up=True,
)  # fmt: skip
async def export_history(call: Call, case_id: str) -> Response:
    """Every entry as it lies stored, with the path to the newest signed checkpoint: what somebody outside can verify.

    What names or describes a person stays sealed. For the people of the house; an auditor verifies the chain instead.
    `mediation history verify-export` checks it by the public key alone, and docs/history-format.md says how.
    """
    about = Reading("export_history", case_id)
    return respond(await call.read_noted(exports.export_history, case_id, about=about))


@operation(
    "GET", "/v1/checkpoints", tag="history", zh="检查点列表", en="List checkpoints",
    refuses=LIST, answer=shapes.CheckpointPageShape,
)  # fmt: skip
async def list_checkpoints(call: Call, query: HistoryQuery) -> Response:
    """Checkpoints after a number, oldest first: keep copies, and nobody can set the records back unseen."""
    page = await call.read(checkpoints.list_checkpoints, query.after, query.limit)
    after = page.next_after
    return respond({"items": page.items, "next_after": after, "next": call.next_page(after, parameter="after")})


@operation(
    "GET", "/v1/checkpoints/keys", tag="history", zh="检查点公钥", en="List public keys of checkpoints",
    refuses=OPEN_TO_ALL, answer=shapes.ItemsShape,
)  # fmt: skip
async def list_checkpoint_keys(call: Call) -> Response:
    """Every Ed25519 public key that ever sealed, oldest first.

    Each with its id (RFC 7638), its 32 bytes in base64url, and the first checkpoint under it.
    """
    return respond({"items": await call.read(checkpoints.list_keys)})
