"""Value lists that several inputs of the procedure share."""

from collections.abc import Mapping

from mediation.domain.channels import IntakeChannel
from mediation.domain.court_routes import COURT_ROUTES
from mediation.domain.party_kinds import PayerCapacity

VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "intake_channel": tuple(str(channel) for channel in IntakeChannel),
    "court_route_basis": tuple(COURT_ROUTES),
    "payer_capacity": tuple(str(capacity) for capacity in PayerCapacity),
}
