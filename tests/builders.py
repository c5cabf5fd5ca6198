"""Cases, their parts and questions about them, with defaults that a test overrides where it matters."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mediation.domain.calendar import official_calendar
from mediation.domain.cases import MAIN, Attestation, Case, Command, Question, References, Setting
from mediation.domain.deadlines import Deadline, DeadlineStatus, start_deadline
from mediation.domain.guards import judge
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, Claim, Obligation, Party, TrackInstance
from mediation.domain.terms import TERMS

TODAY = date(2026, 6, 15)
ORGANIZATIONS: Mapping[str, Mapping[str, Any]] = {
    "people": {"kind": "people_mediation"},
    "centre": {"kind": "other_lawful_org"},
    "committee": {"kind": "enterprise_committee"},
    "county": {"kind": "county_federation"},
    "town": {"kind": "street_town_union"},
    "inspection": {"kind": "administrative_mediation"},
    "court": {"kind": "court"},
}
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "mediator": {"roles": ["mediator"]},
    "outsider": {"roles": ["mediator"], "court_roster": False},
    "volunteer": {"roles": ["volunteer"]},
    "boss": {"roles": ["supervisor"]},
}


def keyed(records: Iterable[Any]) -> dict[str, Any]:
    """Records by their id."""
    return {record.id: record for record in records}


def build_party(role: str = "applicant", **overrides: Any) -> Party:
    """A worker who applies, or an employer who is asked; the id is W or E unless given."""
    is_worker = role in {"applicant", "co_applicant"}
    defaults: dict[str, Any] = {
        "id": "W" if is_worker else "E",
        "version": 1,
        "role": role,
        "kind": "worker" if is_worker else "employer",
        "side": "worker" if is_worker else "employer",
        "name": "张三" if is_worker else "某某公司",
    }
    return Party(**{**defaults, **overrides})


def build_claim(code: str = "unpaid_wages", **overrides: Any) -> Claim:
    """An open claim of the worker for 10,000 yuan."""
    defaults: dict[str, Any] = {
        "id": code,
        "version": 1,
        "code": code,
        "cause_scheme": "2026",
        "claimant_side": "worker",
        "amount_fen": 1_000_000,
    }
    return Claim(**{**defaults, **overrides})


def build_obligation(key: str = "o1", **overrides: Any) -> Obligation:
    """A payment of 10,000 yuan from E to W, due on 2026-06-30."""
    defaults: dict[str, Any] = {
        "id": key,
        "version": 1,
        "agreement_id": "a1",
        "kind": "payment",
        "debtor_id": "E",
        "creditor_id": "W",
        "amount_fen": 1_000_000,
        "due_on": date(2026, 6, 30),
    }
    return Obligation(**{**defaults, **overrides})


def build_deadline(term: str, start: date | None = None, **overrides: Any) -> Deadline:
    """A running deadline counted from `start`, or ending on `due` where that is given."""
    due = overrides.pop("due", None)
    start = start or TODAY
    agreed = due or start if TERMS[term].length is None else None
    built = start_deadline(
        term, id=overrides.pop("id", term), start=min(start, agreed or start), calendar=official_calendar(),
        fact="occurred_on", agreed_end=agreed,
    )  # fmt: skip
    if due is not None:
        built = replace(built, due=due, raw=due)
    status = DeadlineStatus(overrides.pop("status", "running"))
    return replace(built, status=status, **overrides)


def build_agreement(**overrides: Any) -> dict[str, Any]:
    """A mediation agreement in force before a people's mediation committee."""
    defaults = {
        "id": "a1", "kind": "mediation", "made_by": "people", "organization_kind": "people_mediation",
        "effective_on": "2026-06-01", "status": "in_force",
    }  # fmt: skip
    return {**defaults, **overrides}


def build_case(state: str = "triage", **overrides: Any) -> Case:
    """One worker against one employer over wages; parts are keyed by id, `tracks` join the main one."""
    parts: dict[str, Any] = {
        "parties": [build_party(), build_party("respondent")],
        "claims": [build_claim()],
        "obligations": [],
        "deadlines": [],
        "assignments": [],
    }
    parts = {name: keyed(overrides.pop(name, default)) for name, default in parts.items()}
    tracks = [TrackInstance(MAIN, MAIN, state), *overrides.pop("tracks", ())]
    if mediator := overrides.pop("mediator", None):
        parts["assignments"] = keyed([Assignment("as1", mediator, "mediator", TODAY)])
    defaults: dict[str, Any] = {
        "id": "c1",
        "version": 1,
        "number": None,
        "organization_id": "centre",
        "procedure": PROCEDURE.version,
        "created_on": date(2026, 6, 1),
    }
    return Case(**{**defaults, **parts, "tracks": keyed(tracks), **overrides})


def build_track(track: str, state: str, **overrides: Any) -> TrackInstance:
    """One instance of a side track."""
    return TrackInstance(**{"id": f"{track}:1", "track": track, "state": state, **overrides})


def ask(
    action: str,
    case: Case,
    *,
    input: Mapping[str, Any] | None = None,  # noqa: A002 - the word of the table
    roles: Iterable[CaseRole] = (CaseRole.CLERK,),
    on: date = TODAY,
    attest: Iterable[str] = (),
    listing: bool = False,
    **command: Any,
) -> Question:
    """The question whether `action` may be taken: with a command, or as a listing asks it."""
    step = PROCEDURE.steps[action]
    own = [track for track in case.tracks.values() if track.track == step.track]
    actor = command.pop("actor_id", "clerk")
    today, hand = command.pop("today", on), command.pop("hand", None)
    asked = Command(
        action=action,
        occurred_on=on,
        input=input or {},
        attestations={code: Attestation(code, "evidence") for code in attest},
        **command,
    )
    setting = Setting(
        today=today,
        calendar=official_calendar(),
        roles=frozenset(roles),
        actor_id=actor,
        references=References(ORGANIZATIONS, PEOPLE),
        hand=hand,
    )
    return Question(case, step, own[-1] if own else None, setting, None if listing else asked)


def blockers(question: Question) -> set[str]:
    """The codes of everything that stands in the way."""
    return {blocker.code for blocker in judge(question)[0]}


def warnings(question: Question) -> set[str]:
    """The codes of everything shown without standing in the way."""
    return {blocker.code for blocker in judge(question)[1]}
