"""A claim computed on its case, with the working, and beside it what is claimed, agreed and awarded."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import JsonValue
from starlette.responses import Response

from mediation.api import labels, shapes
from mediation.api.calculators import plain, result_document
from mediation.api.call import Call, respond
from mediation.api.language import both
from mediation.api.operations import CREATE, READ, operation
from mediation.api.values import Id, OneOf
from mediation.api.wire import Body
from mediation.domain.calculators import CALCULATORS
from mediation.domain.computations import Compared, label_of
from mediation.services import computations
from mediation.services.computations import ComputationView


class ComputationIn(Body):
    """Which calculation, for which worker, and values that stand in place of the facts on file; all may be left out."""

    kind: Annotated[str, OneOf(CALCULATORS)] | None = None
    party_id: Id | None = None
    inputs: dict[str, JsonValue] | None = None


@operation(
    "POST", "/v1/cases/{case_id}/claims/{claim_id}/computation", tag="claims", zh="计算请求金额",
    en="Compute a claim", refuses=CREATE, answer=shapes.ComputationShape,
)  # fmt: skip
async def compute_claim(call: Call, case_id: str, claim_id: str, body: ComputationIn) -> Response:
    """Compute the claim from the employment on file, overlaid with `inputs`, and keep the result with its working.

    An empty body computes again, with the values given the last time; null in `inputs` takes a fact away. What was
    computed before stays in history.
    """
    return await call.write(computations.compute_claim, case_id, claim_id, body.values(), _render)


@operation(
    "GET", "/v1/cases/{case_id}/claims/{claim_id}/computation", tag="claims", zh="读取计算结果",
    en="Read the computation of a claim", refuses=READ, answer=shapes.ComputationShape,
)  # fmt: skip
async def read_computation(call: Call, case_id: str, claim_id: str) -> Response:
    """The computation kept for the claim; `stale` names what changed since: claim, rules, facts, figures, calendar."""
    return respond(_document(await call.read(computations.read_computation, case_id, claim_id)))


def _render(view: ComputationView) -> bytes:
    return orjson.dumps(_document(view))


def _document(view: ComputationView) -> shapes.ComputationShape:
    made = view.computation
    return {
        "claim_id": made.claim_id,
        "code": view.claim.code,
        "label": labels.CLAIMS[view.claim.code],
        "party_id": made.party_id,
        "kind": made.kind,
        "kind_label": both(label_of(made.kind)),  # type: ignore[typeddict-item] # labels are written as such
        "computed_on": made.computed_on.isoformat(),
        "computed_by": made.computed_by,
        "given": plain(made.given),
        "result": result_document(made.result),
        "is_stale": bool(view.stale),
        "stale": list(view.stale),
        "compared": {name: _compared(entry) for name, entry in view.compared.items()},
    }


def _compared(entry: Compared | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "amount": f"{entry.amount:.2f}",
        "difference": f"{entry.difference:.2f}",
        "ratio": None if entry.share is None else f"{entry.share:f}",
    }
