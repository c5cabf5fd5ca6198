"""Side track hold: lawful pause; which clocks stop depends on `hold_reason`."""

from mediation.domain.procedure.rows import row
from mediation.domain.procedure.step import ActOf

ROWS = (
    row(
        "T26",
        "hold",
        "start_hold",
        zh="中止或扣除期间开始",
        en="Start a hold or an excluded period",
        sources=("running",),
        target="on_hold",
        act_of=ActOf.ORGANIZATION,
        roles="M C A J H",
        guards=("hold_reason_fits_state", "hold_decider_fits"),
        inputs=(
            "hold_reason: enum(appraisal,work_injury_recognition,disability_grading,party_death,no_guardian,organization_ended,insolvency,other_case_pending,criminal_matter,force_majeure,public_notice,agreed_talks,entrusted_evidence)!",
            "since: date!",
            "decided_by: text(ordinary)!",
            "proof: list(doc)?",
        ),
        documents="DOC12",
        clocks_="pause CT [appraisal]; pause ARB [arbitration_hold]",
        limitation_note="L4 where the reason also keeps the claimant from acting",
        notes="D_MED_15 never pauses: extend it",
        basis="SPC-OL 26 (court mediation: appraisal); ZJ 31, 36; R33 46, 47 (heading checked); CPL 153",
    ),
    row(
        "T229",
        "hold",
        "end_hold",
        zh="恢复",
        en="End the hold",
        sources=("on_hold",),
        target="running",
        act_of=ActOf.ORGANIZATION,
        roles="M C A J H P",
        guards=("hold_cause_ended",),
        inputs=("until: date!", "why: text(personal)!"),
        documents="DOC12",
        clocks_="resume CT; resume ARB",
        limitation_note="suspension ends",
        basis="SPC-OL 26; R33 47 (heading checked); CPL 153(2)",
    ),
)
