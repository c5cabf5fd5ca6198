"""Guards of closing, archiving, correcting and taking back: nothing may be lost, and a second person looks on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mediation.domain.cases import Question
from mediation.domain.guards.guard import OPEN, Finding, attested, computed, needs_input
from mediation.domain.guards.reading import POSTFILING, due_day, fact, given, is_role, unperformed
from mediation.domain.procedure.step import CaseRole

RUNNING: Final[Mapping[str, frozenset[str]]] = {
    "confirmation": frozenset({"review_applied", "review_accepted", "judicial_applied", "judicial_accepted"}),
    "payment_order": frozenset({"po_applied", "po_accepted", "po_issued", "po_served"}),
    "enforcement": frozenset({"enf_applied", "enf_in_progress", "enf_settled"}),
    "advance_payment": frozenset({"advance_requested"}),
    "preservation": frozenset({"pres_applied", "pres_granted"}),
}
"""States of the side tracks between application and end."""

ARBITRATING: Final = frozenset({"arbitration_accepted", "arbitration_prehearing_mediation"})
SUING: Final = frozenset({"suit_filed", "litigation_recorded"})
_SUIT_ENDED_BY: Final = frozenset({"withdrawal", "court_statement"})
_SUIT_TITLES: Final = frozenset({"court_statement", "judgment"})
_SEALED: Final = frozenset({"signature", "signatures", "document", "documents", "history", "entry", "hash", "seal"})
_WEIGHTY: Final = re.compile(
    r"(_on|_day|_end|_by|_fen|_due)$|amount|date|since|until|party|applicant|respondent|debtor|creditor|payer"
)


def _no_track_running(question: Question) -> Finding | None:
    running = sorted(
        track.track for track in question.case.tracks.values() if track.state in RUNNING.get(track.track, frozenset())
    )
    overridden = is_role(question, CaseRole.SUPERVISOR) and question.attested("no_track_running")
    return Finding(None, {"tracks": running}) if running and not overridden else None


def _no_forum_pending(question: Question) -> Finding | None:
    state = question.case.state
    entrusted = fact(question, "pretrial_venue") == POSTFILING
    ended = fact(question, "finish") in _SUIT_ENDED_BY or fact(question, "title_kind") in _SUIT_TITLES
    if state in ARBITRATING | SUING or (entrusted and not ended):
        return Finding(None, {"state": state, "pretrial_venue": fact(question, "pretrial_venue")})
    return None


def _no_legal_hold(question: Question) -> Finding | None:
    tracks = [
        t for t in question.case.tracks.values() if t.track == "enforcement" and t.state in RUNNING["enforcement"]
    ]
    left = sorted(entry.id for entry in unperformed(question) if due_day(question, entry) is not None)
    appeal = [entry.term for entry in question.case.running("D_APPEAL_15", "D_APPEAL_10")]
    enforceable = [entry.term for entry in question.case.running("D_ENFORCE_2Y") if entry.due >= question.today]
    if tracks or appeal or (left and enforceable):
        return Finding(None, {"tracks": [t.state for t in tracks], "obligations": left, "terms": appeal + enforceable})
    return None


def _path(question: Question) -> list[str]:
    return str(given(question, "field") or "").strip("/").split("/")


def _correction_allowed(question: Question) -> Finding | None:
    path = _path(question)
    return Finding("field", {"field": "/".join(path)}) if path == [""] or not _SEALED.isdisjoint(path) else None


def _four_eyes(question: Question) -> Finding | None:
    root, leaf = _path(question)[0], _path(question)[-1]
    starts_a_clock = any(deadline.fact == leaf for deadline in question.case.deadlines.values())
    weighty = root in {"", "parties"} or starts_a_clock or _WEIGHTY.search(leaf)
    return OPEN if weighty else None


def _last_and_same_day(question: Question) -> Finding | None:
    last, voided = question.case.last_entry, question.setting.voided
    if not last:
        return Finding("step")
    if voided is not None and voided["sequence"] < question.case.sequence:
        return None  # an earlier step, on which nothing later was found to depend
    named, entered = given(question, "step"), str(last.get("recorded_on") or "")[:10]
    facts = {"step": last.get("entry_id"), "action": last.get("action"), "recorded_on": entered}
    if question.command is not None and named != last.get("entry_id"):
        return Finding("step", facts)
    return Finding(None, facts) if entered != question.today.isoformat() else None


def _supervisor_approves(question: Question) -> Finding | None:
    if not is_role(question, CaseRole.SUPERVISOR):
        return Finding()
    if question.step.action != "void_last_step":
        return None
    voided = question.setting.voided
    last = question.case.last_entry
    actor = last.get("actor_id") if voided is None else voided["actor"]
    behind = {actor, (last if voided is None else voided).get("on_behalf_of")}
    return Finding(None, {"actor": actor}) if behind & question.setting.people else None


GUARDS = (
    computed(
        "no_track_running",
        "确认、支付令、执行、垫付、保全均无未办结事项",
        "no confirmation, payment order, enforcement, advance or preservation is between application and end",
        "PML 27; product rule",
        _no_track_running,
        by=("supervisor",),
    ),
    computed(
        "no_forum_pending",
        "没有已受理的仲裁或者已立案的诉讼（应当先行撤回或者终结）",
        "no accepted arbitration and no registered suit is pending; those end by their own step first",
        "R33 35 (heading checked); CPL 148",
        _no_forum_pending,
    ),
    attested(
        "file_index_complete",
        "卷宗目录已列全部文书，缺少原件的已注明",
        "the index lists every document and names missing originals",
        "PML 27; R33 21–24",
    ),
    computed(
        "no_legal_hold_conflict",
        "没有尚在执行期间的未履行义务，也没有进行中的执行或者上诉",
        "nothing enforceable is unperformed, and no enforcement or appeal runs",
        "CPL 250; PIPL 47",
        _no_legal_hold,
    ),
    needs_input(
        "correction_allowed",
        "更正事项不是已送达文书、签名或者已固定的历史记录",
        "the field is no served document, signature or sealed entry; those get a new document",
        "PIPL 46; product rule",
        _correction_allowed,
        missing="field",
    ),
    attested(
        "four_eyes",
        "更正期限、金额或者当事人的，已经第二人核准",
        "a second person approved a change of a deadline, an amount or a party",
        "product rule",
        _four_eyes,
        by=("supervisor",),
    ),
    computed(
        "last_step_and_same_day",
        "拟撤销的是最后一步，且系当日登记",
        "the step to be voided is the last one and was entered today",
        "product rule",
        _last_and_same_day,
        missing="step",
    ),
    attested(
        "nothing_sent_out",
        "该步骤的文书、通知和信息均未对外发出",
        "no document, notice or message of that step has left the house",
        "product rule",
    ),
    computed(
        "supervisor_approves",
        "须由非原经办人的主管人员批准",
        "a supervisor other than the one who took the step approves",
        "product rule",
        _supervisor_approves,
        by=("supervisor",),
    ),
)
