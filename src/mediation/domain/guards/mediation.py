"""Guards of mediation itself: the mediator, the sessions, the contacts, and signs of sham mediation."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Final

from mediation.domain.cases import Case, Question
from mediation.domain.guards.guard import Finding, attested, computed, needs_input
from mediation.domain.guards.reading import (
    COURT_VENUES,
    fact,
    given,
    is_court_invited,
    organization_kind,
    profile_of,
    requires_input,
)
from mediation.domain.labels import Label
from mediation.domain.readings import reading

SHANGHAI: Final = timezone(timedelta(hours=8))
ATTEMPTS: Final = 3
ATTEMPT_DAYS: Final = 2
ATTEMPT_CHANNELS: Final = 2


_OF_ANOTHER_BODY = Label(
    "调解员不属于承办组织；确需其办理的，先由该组织接收案件",
    "The mediator does not belong to the body that mediates; let that body take the case first",
)


_BY_A_SIDE = Label(
    "该人员是本案当事人,或者担任过一方的顾问、代理人",
    "This person is a party to the case, or has advised or represented one",
)


def _partial(case: Case) -> set[str]:
    """Accounts that stand, or stood, by a side of the case: they do not mediate it (SPC-TY 16 by analogy)."""
    advisers = {part.person_id for part in case.assignments.values() if part.role in {"volunteer", "agent"}}
    parties = {party.person_id for party in case.parties.values() if party.person_id is not None}
    return advisers | parties


def _mediator_qualified(question: Question) -> Finding | None:
    named = given(question, "mediator")
    person = question.setting.references.people.get(named, {})
    bodies = {question.case.organization_id, fact(question, "organization")}
    if "organizations" in person and bodies.isdisjoint(person["organizations"]):
        return Finding("mediator", text=_OF_ANOTHER_BODY)
    if "mediator" not in (person.get("roles") or ()):
        return Finding("mediator")
    if named in _partial(question.case):
        return Finding("mediator", text=_BY_A_SIDE)
    if fact(question, "pretrial_venue") in COURT_VENUES and person.get("court_roster") is False:
        return Finding("mediator", {"court_roster": False})
    return None


def _mediator_assigned(question: Question) -> str | None:
    return "mediator" if question.case.mediator_id() is None else None


def _no_mediator_yet(question: Question) -> Finding | None:
    mediator = question.case.mediator_id()
    return Finding(None, {"mediator": mediator}) if mediator else None


def _no_open_challenge(question: Question) -> Finding | None:
    mediator = question.case.mediator_id()
    challenged = any(
        track.track == "challenge" and track.state == "challenged" and track.ref in (None, mediator)
        for track in question.case.tracks.values()
    )
    return Finding(None, {"mediator": mediator}) if challenged else None


def _not_on_hold(question: Question) -> Finding | None:
    on_hold = question.case.track_state("hold") == "on_hold"
    return Finding(None, {"hold_reason": fact(question, "hold_reason")}) if on_hold else None


def _contacts_logged(question: Question) -> Finding | None:
    contacts = given(question, "contacts") or ()
    days = {entry["at"].astimezone(SHANGHAI).date() for entry in contacts if entry.get("at")}
    channels = {entry.get("channel") for entry in contacts}
    if len(contacts) >= ATTEMPTS and len(days) >= ATTEMPT_DAYS and len(channels) >= ATTEMPT_CHANNELS:
        return None
    return Finding("contacts", {"attempts": len(contacts), "days": len(days), "channels": len(channels)})


def _oral_allowed(question: Question) -> Finding | None:
    kind = organization_kind(question)
    profile = profile_of(kind)
    if profile is None:
        return Finding("organization")
    if reading("AMB-15")(profile.kind, court_invited=is_court_invited(question)):
        return None
    return Finding(None, {"kind": kind})


def _performable_at_once(question: Question) -> Finding | None:
    day = given(question, "effective_on") or given(question, "performed_on") or question.day
    later = [entry["due_on"] for entry in given(question, "obligations") or () if entry.get("due_on")]
    later = [due.isoformat() for due in later if due > day]
    return Finding("obligations", {"due": max(later)}) if later else None


def _decider_not_challenged(question: Question) -> Finding | None:
    challenged = question.track.ref if question.track and question.track.ref else fact(question, "mediator")
    return Finding(None, {"mediator": challenged}) if challenged in question.setting.people else None


GUARDS = (
    needs_input(
        "mediator_qualified",
        "调解员符合任职条件；法院委派委托的，应当在法院特邀名册内",
        "the mediator qualifies; for a court's dispatch, is on the court's roster",
        "LDMAL 11; R17 25; SPC-TY 12–15",
        _mediator_qualified,
        missing="mediator",
    ),
    computed(
        "mediator_assigned",
        "已指派调解员",
        "a mediator is assigned",
        "R17 25; PML 19",
        _mediator_assigned,
        missing="mediator",
        by=("clerk", "supervisor"),
    ),
    computed(
        "no_mediator_yet",
        "尚未指派调解员（已指派的应当更换）",
        "no mediator is assigned yet; otherwise replace the mediator",
        "R17 25; SPC-TY 14",
        _no_mediator_yet,
    ),
    attested(
        "conflict_clean_or_waived",
        "没有利益冲突，或者已披露并经各方同意",
        "no conflict of interest, or it is disclosed and waived by all",
        "SPC-TY 15; SPC-OL 13",
    ),
    computed(
        "no_open_challenge",
        "没有尚未决定的回避申请",
        "no challenge of the mediator is undecided",
        "SPC-TY 15; PML 23(1)",
        _no_open_challenge,
        by=("supervisor", "court_liaison"),
    ),
    computed("not_on_hold", "案件没有中止", "the case is not on hold", "SPC-OL 26; ZJ 31, 36", _not_on_hold),
    attested(
        "parties_notified",
        "调解时间、地点或者链接已通知各方，或者已商定背对背、远程方式",
        "each side had notice of time, place or link, or the form was agreed",
        "R17 25; SPC-OL 16",
    ),
    attested(
        "rights_told",
        "已告知当事人权利义务并签收",
        "the parties were told their rights and duties and signed for it",
        "R17 25; PML 23",
    ),
    attested(
        "within_scope",
        "属于本组织和调解员的业务范围",
        "the matter is within the field of the organization and the mediator",
        "SPC-OL 12",
    ),
    needs_input(
        "contact_attempts_logged",
        "已记录至少三次联系，分布于两日以上并使用两种以上方式",
        "at least three attempts on two different days by two channels are logged",
        "SPC-OL 15, 25(3); product rule",
        _contacts_logged,
        missing="contacts",
    ),
    computed(
        "people_mediation_or_invited",
        "调解组织为人民调解委员会或者法院特邀调解组织",
        "the organization is a people's mediation committee or invited by a court",
        "PML 28; SPC-TY 23; AMB-15",
        _oral_allowed,
        missing="organization",
    ),
    needs_input(
        "performable_at_once",
        "协议内容当场或者当日履行完毕",
        "all is performed on the spot or within the day",
        "SPC-TY 23; PML 28",
        _performable_at_once,
        missing="obligations",
    ),
    needs_input(
        "sham_signs_listed",
        "已列明虚假调解的具体表现和事实",
        "at least one sign of sham mediation is listed with its facts",
        "ZJ 42; CPL 115; SPC-TY 18",
        requires_input("signs"),
        missing="signs",
    ),
    attested(
        "no_sham_sign",
        "没有虚假调解迹象，或者已由主管人员排除",
        "no sign of sham mediation, or a supervisor cleared it",
        "CPL 115; SPC-TY 18; ZJ 42",
        by=("supervisor",),
    ),
    computed(
        "decider_not_challenged",
        "决定人不是被申请回避的人",
        "whoever decides is not the person challenged",
        "SPC-TY 15",
        _decider_not_challenged,
    ),
)
