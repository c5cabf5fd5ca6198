"""Side track risk: danger of escalation, mass incident, self-harm, absconding employer."""

from mediation.domain.procedure.rows import row
from mediation.domain.procedure.step import ActOf

ROWS = (
    row(
        "T52",
        "risk",
        "escalate_violence",
        zh="风险上报",
        en="Raise a risk alert",
        sources=("calm", "alerted"),
        target="alerted",
        act_of=ActOf.MEDIATOR,
        roles="M C V U H",
        guards=("risk_described",),
        inputs=(
            "level: enum(yellow,orange,red)!",
            "kind: enum(violence,mass_incident,self_harm,absconding,asset_transfer,work_stoppage)!",
            "reported_to: list(ref(organization))!",
        ),
        documents="DOC51",
        basis="PML 25; TUL 28",
    ),
    row(
        "T233",
        "risk",
        "clear_risk",
        zh="解除预警",
        en="Clear the risk alert",
        sources=("alerted",),
        target="calm",
        act_of=ActOf.ORGANIZATION,
        roles="U H",
        inputs=("why: text(personal)!",),
        documents="DOC51",
        basis="product rule",
    ),
)
