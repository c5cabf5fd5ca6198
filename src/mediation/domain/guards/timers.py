"""Guards of time: what has lapsed, what is still open, and how far a term may be extended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from mediation.domain.cases import Question
from mediation.domain.deadlines import Deadline, is_over, start_deadline
from mediation.domain.guards.guard import Check, Finding, computed, needs_input, warning
from mediation.domain.guards.reading import (
    agreement,
    deadlines_of,
    due_day,
    fact,
    given,
    in_instance,
    is_pending,
    is_role,
    latest,
)
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.readings import Extensions, SuitAlert, reading
from mediation.domain.records import Party
from mediation.domain.terms import TERMS, counts_from

APPEALS: Final = ("D_APPEAL_15", "D_APPEAL_10")
RAN_OUT: Final = frozenset({"lapsed", "fired"})
MEDIATION_ENDS: Final = frozenset({"D_MED_15", "D_MED_EXT", "D_CT_30", "D_CT_15", "D_CT_7", "D_CT_EXT"})
_STARTED_BY: Final[Mapping[str, str]] = {
    "D_MED_15": "received_on",
    "D_CT_ACCEPT_3WD": "dispatch_received_on",
    "D_PO_NOSUIT_7": "ruling_received_on",
}
_SILENCE: Final = "consent_timeout"
"""The row that takes silence on the consent question for a refusal, as far as AMB-11 has it so."""
_FROM_AGREEMENT: Final = frozenset({"D_REVIEW_15", "D_JC_30"})
_SUIT_TERMS: Final[Mapping[str, str]] = {
    "post_award": "D_SUIT_15",
    "final_award_set_aside": "D_SUIT_AFTER_SETASIDE_15",
    "award_not_enforced": "D_SUIT_AFTER_NONENF_30",
    "set_aside_application": "D_SETASIDE_30",
}


def _ended(deadline: Deadline) -> dict[str, str]:
    return {"term": deadline.term, "due": deadline.due.isoformat()}


def _has_run_out(question: Question, deadline: Deadline) -> bool:
    return is_over(deadline, question.today) and not deadline.is_paused


def _lapsing(question: Question) -> frozenset[str]:
    terms = question.step.fires_on
    if question.step.action == _SILENCE:
        terms = reading("AMB-11")(terms)
    return terms


def _term_lapsed(question: Question) -> Finding | None:
    terms = _lapsing(question)
    fired = question.command.fired if question.command else None
    if fired is not None:
        lapsed = fired.term in terms and (fired.status in RAN_OUT or _has_run_out(question, fired))
        return None if lapsed else Finding(None, _ended(fired))
    running = [entry for entry in question.case.running(*terms) if in_instance(question, entry)]
    if any(_has_run_out(question, entry) for entry in running):
        return None
    last = latest(question, terms)
    if not running and last is not None and last.status in RAN_OUT:
        return None
    nearest = min(running, key=lambda entry: entry.due, default=None)
    return Finding(None, _ended(nearest) if nearest else {"terms": sorted(terms)})


def counted_from_fact(question: Question, term: str) -> date | None:
    """The end of a term that never started, counted from the fact it starts on; None where that is unknown."""
    fact_name = _STARTED_BY.get(term)
    start = question.on(fact_name) if fact_name and counts_from(TERMS[term], fact_name) else None
    if term in _FROM_AGREEMENT:
        on = agreement(question).get("effective_on")
        start = date.fromisoformat(on) if on else None
    if not isinstance(start, date):
        return None
    calendar = question.setting.calendar
    return start_deadline(term, id="", start=start, calendar=calendar, fact="").due


def _within(*terms: str, party: str | None = None) -> Check:
    def check(question: Question) -> Finding | None:
        who = given(question, party) if party else None
        found = deadlines_of(question, terms, who)
        if party is None or who is not None:
            found = found[-1:]
        due = max((entry.due for entry in found), default=None) or counted_from_fact(question, terms[0])
        if due is None or question.day <= due or any(entry.is_paused for entry in found):
            return None
        return Finding(None, {"term": found[-1].term if found else terms[0], "due": due.isoformat()})

    return check


def _within_mediation(question: Question) -> Finding | None:
    only_offered = fact(question, "mediation_offered") and latest(question, {"D_MED_15"}) is None
    found = None if only_offered else _within("D_MED_15")(question)
    return found if isinstance(found, Finding) else None


def _within_set_aside(question: Question) -> Finding | None:
    kind = fact(question, "award_kind")
    if kind is not None and kind != "final":
        return Finding("award_kind", {"award_kind": kind})
    found = _within("D_SETASIDE_30")(question)
    return found if isinstance(found, Finding) else None


def _within_suit_term(question: Question) -> Finding | None:
    if question.command is None:
        return None
    route = question.get("court_route_basis")
    term = _SUIT_TERMS.get(route) if route else "D_SUIT_15"
    filed = given(question, "filed_on") or question.day
    deadline = latest(question, {term}, given(question, "by")) if term else None
    if deadline is None:
        return None
    alert: SuitAlert | None = reading("AMB-7")(filed, deadline.due, question.today)
    return Finding(None, _ended(deadline), alert.text) if alert else None


def _within_enforcement(question: Question) -> Finding | None:
    deadline = latest(question, {"D_ENFORCE_2Y"})
    return Finding(None, _ended(deadline)) if deadline and question.day > deadline.due else None


def _not_over(question: Question, terms: tuple[str, ...], parties: Iterable[Party]) -> Finding | None:
    ahead: list[Deadline] = []
    for party in parties:
        deadline = latest(question, terms, party.id)
        if deadline is None:
            return Finding("received_on", {"term": terms[0], "party": party.id})
        if is_pending(question, deadline):
            ahead.append(deadline)
    return Finding(None, _ended(max(ahead, key=lambda deadline: deadline.due))) if ahead else None


def _contestants(question: Question) -> Iterable[Party]:
    yield from question.case.applicants()
    yield from question.case.respondents()


def _suit_term_over(question: Question) -> Finding | None:
    if question.attested("suit_term_over_or_waived"):
        return None
    is_final = fact(question, "award_kind") == "final"
    parties = [party for party in _contestants(question) if not (is_final and party.side == "employer")]
    return _not_over(question, ("D_SUIT_15",), parties)


def _appeal_over(question: Question) -> Finding | None:
    settled = fact(question, "appealable") is False or fact(question, "instance") == "second"
    if settled or question.attested("appeal_over_or_final"):
        return None
    return _not_over(question, APPEALS, _contestants(question))


def running_end(question: Question) -> date | None:
    """The end a step would move: of the terms it moves, else of those it stops; of an obligation its due day."""
    if named := given(question, "obligation"):
        obligation = question.case.obligations.get(named)
        return due_day(question, obligation) if obligation else None
    terms = {move.term for move in question.step.moves}
    terms = terms or {term for stop in question.step.stops for term in stop.terms}
    found = [entry for entry in deadlines_of(question, terms) if entry.status in {"running", "lapsed"}]
    return found[-1].due if found else None


def _before_term_ends(question: Question) -> Finding | None:
    found = [entry for entry in deadlines_of(question, MEDIATION_ENDS) if entry.status in {"running", "lapsed"}]
    if not found:
        return Finding(None, {"terms": sorted(MEDIATION_ENDS)})
    dates = [entry["date"] for entry in given(question, "consents") or () if entry.get("date")]
    if max(dates, default=question.day) <= found[-1].due:
        return None
    return Finding("consents" if dates else None, _ended(found[-1]))


def _new_end_later(question: Question) -> Finding | None:
    name = "new_due" if given(question, "new_due") else "new_end"
    new, old = given(question, name), running_end(question)
    if new is None:
        return Finding(name)
    return Finding(name, {"due": old.isoformat()}) if old is not None and new <= old else None


def _within_cap(question: Question) -> Finding | None:
    new, old = given(question, "new_end"), running_end(question)
    allowed: Extensions = reading("AMB-12")
    if allowed.cap_days is None or new is None or old is None:
        return None
    days = (new - old).days
    return Finding("new_end", {"days": days, "cap": allowed.cap_days}) if days > allowed.cap_days else None


def _supervisor_after_second(question: Question) -> Finding | None:
    given_before = fact(question, "extensions") or 0
    allowed: Extensions = reading("AMB-12")
    if allowed.unsupervised is None or given_before < allowed.unsupervised:
        return None
    if is_role(question, CaseRole.SUPERVISOR):
        return None
    approver = given(question, "supervisor")
    roles = question.setting.references.people.get(approver, {}).get("roles") or ()
    if "supervisor" in roles and approver not in question.setting.people:
        return None
    return Finding("supervisor", {"extensions": given_before})


def _once_only(question: Question) -> Finding | None:
    if fact(question, "arbitration_extended"):
        return Finding(None, {"arbitration_extended": True})
    new, old = given(question, "new_end"), latest(question, {"D_ARB_45"})
    longest = TERMS["D_ARB_45"].extension_length
    if new is None or old is None or longest is None:
        return None
    days = (new - old.raw).days
    return Finding("new_end", {"days": days, "cap": longest}) if days > longest else None


def _clerk_confirms(question: Question) -> Finding | None:
    return Finding() if is_role(question, CaseRole.SYSTEM) else None


def _limitation_warning(question: Question) -> Finding | None:
    if question.attested("limitation_warning_shown"):
        return None
    clocks = [entry for entry in question.case.deadlines.values() if entry.term.startswith("D_LIMIT_")]
    clocks = [entry for entry in clocks if entry.status in {"running", *RAN_OUT}]
    ends = [
        {"claim": entry.ref_id, "due": entry.due.isoformat(), "over": is_over(entry, question.today)}
        for entry in clocks
    ]
    over = any(entry["over"] for entry in ends)
    text = (
        Label(
            "有请求的时效可能已届满，对方可以据此抗辩",
            "limitation of a claim may have run out; the debtor may raise it",
        )
        if over
        else None
    )
    return Finding(None, {"ends": ends}, text)


GUARDS = (
    computed(
        "term_lapsed",
        "本阶段期限已届满（含顺延、扣除和延长）",
        "the term of this state has lapsed, after roll, pauses and extensions",
        "CC 203; CPL 85",
        _term_lapsed,
    ),
    computed(
        "within_D_MED_15",
        "自首次收到申请之日起的调解期限未届满",
        "the mediation term from the first receipt is not over",
        "LDMAL 14; AMB-1; AMB-11",
        _within_mediation,
    ),
    computed(
        "within_D_CT_ACCEPT_3WD",
        "答复委派委托的三个工作日未届满",
        "the three working days to answer the dispatch are not over",
        "SPC-OL 12",
        _within("D_CT_ACCEPT_3WD"),
    ),
    computed(
        "within_D_REVIEW_15",
        "申请仲裁审查的15日未届满",
        "the 15 days to apply for arbitration review are not over",
        "R17 27; R33 74, 75",
        _within("D_REVIEW_15"),
    ),
    computed(
        "within_D_JC_30",
        "申请司法确认的30日未届满",
        "the 30 days to apply for judicial confirmation are not over",
        "CPL 205; PML 33",
        _within("D_JC_30"),
    ),
    computed(
        "within_D_SETASIDE_30",
        "裁决为终局裁决且申请撤销的30日未届满",
        "the award is final and the 30 days to have it set aside are not over",
        "LDMAL 49; LI1 21",
        _within_set_aside,
    ),
    computed(
        "within_D_APPEAL_15",
        "该当事人的上诉期未届满",
        "the appeal term of that party is not over",
        "CPL 171",
        _within(*APPEALS, party="by"),
    ),
    computed(
        "within_D_PO_NOSUIT_7",
        "表明不起诉的7日未届满",
        "the seven days to say that no suit is wanted are not over",
        "CPLI 438 (from memory)",
        _within("D_PO_NOSUIT_7"),
    ),
    warning(
        "within_D_ENFORCE_2Y",
        "申请执行的二年期间可能已届满（债务人提出异议的，法院审查）",
        "the two years to apply for enforcement may be over; the debtor must raise it",
        "CPL 250",
        _within_enforcement,
    ),
    warning(
        "within_suit_term",
        "起诉期间可能已届满，是否准许由法院决定",
        "the term to sue may be over; the court decides",
        "CPL 86; LDMAL 48, 50; AMB-7",
        _within_suit_term,
    ),
    warning(
        "limitation_warning_shown",
        "请向当事人提示各项请求的仲裁时效届满日，并请其确认",
        "show the limitation dates of each claim and have them acknowledged",
        "LDMAL 27; CC 193",
        _limitation_warning,
    ),
    computed(
        "suit_term_over_or_waived",
        "各方起诉期间均已届满且未起诉（终局裁决对用人单位即时生效）",
        "each party's term to sue is over without suit; a final award binds the employer at once",
        "LDMAL 47–50",
        _suit_term_over,
    ),
    computed(
        "appeal_over_or_final",
        "各方上诉期均已届满，或者裁判不得上诉",
        "the appeal term is over for every party, or no appeal lies",
        "CPL 158, 171, 182",
        _appeal_over,
    ),
    computed(
        "before_term_ends",
        "同意延期的日期不晚于现有期限届满日",
        "the consent is dated not later than the last day of the running term",
        "LDMAL 14; R17 29; SPC-TY 27",
        _before_term_ends,
    ),
    needs_input(
        "new_end_later",
        "新的届满日晚于原届满日",
        "the new end is later than the running end",
        "LDMAL 14; R17 10, 29; CC 543",
        _new_end_later,
        missing="new_end",
    ),
    needs_input(
        "extension_within_cap",
        "每次同意延长不超过30日",
        "no more than 30 days are added by one consent",
        "AMB-12; product rule",
        _within_cap,
        missing="new_end",
    ),
    needs_input(
        "supervisor_after_second",
        "第三次起的延期已经主管人员批准",
        "from the third consent on a supervisor approves",
        "AMB-12; product rule",
        _supervisor_after_second,
        missing="supervisor",
        by=("supervisor",),
    ),
    computed(
        "once_only",
        "尚未使用延长的15日，且延长不超过15日",
        "the 15 extra days were not used yet and are not exceeded",
        "LDMAL 43",
        _once_only,
        missing="new_end",
    ),
    computed(
        "clerk_confirms",
        "终止文书须由工作人员确认；效力自期限届满之日发生",
        "a clerk confirms the paper; the effect dates from the lapse",
        "LDMAL 14; R17 29; product rule",
        _clerk_confirms,
        by=("clerk",),
    ),
)
