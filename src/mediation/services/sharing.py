"""What a step passes on by sending the case to other bodies, kept in the step's own write (PIPL 23)."""

from __future__ import annotations

from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import Advance
from mediation.domain.dispatch import bodies_sent_to
from mediation.storage import consents as rows
from mediation.storage.ids import new_id


def sharing_rows(result: Advance, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """What a step that sends the case to other bodies passes on to each of them, as rows of the step's own write."""
    step, command = result.step, result.command
    found = [
        rows.stored(
            {
                "id": new_id(), "case_id": result.case.id, "recipient_id": body, "purpose": step.action,
                "kinds": ["identity", "contact", "case_file"], "shared_on": command.occurred_on, "basis": None,
                "legal_basis": None, "action": step.action, "recorded_by": actor.hand,
            }
        )
        for body in dict.fromkeys(bodies_sent_to(step.action, command.input, result.case.facts))
    ]  # fmt: skip
    return {"sharing_records": found} if found else {}
