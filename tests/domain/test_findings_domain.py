"""What was once let through: endless holds, payments on nothing, splits of the dead, other people's claims."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from tests.builders import (
    ORGANIZATIONS,
    PEOPLE,
    TODAY,
    ask,
    blockers,
    build_agreement,
    build_case,
    build_claim,
    build_deadline,
    build_obligation,
    build_party,
    build_track,
)

from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Advance, Attestation, Case, Command, Question, References, Setting
from mediation.domain.errors import BlockedError, Blocker, InvalidInputError
from mediation.domain.guards import judge, required_attestations
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole

WORKER, EMPLOYER, CLERK = CaseRole.WORKER_SIDE, CaseRole.EMPLOYER_SIDE, CaseRole.CLERK
SINCE = date(2026, 6, 8)
SECOND_EMPLOYER = {"role": "co_respondent", "id": "E2"}


def take(
    action: str, case: Case, given: Mapping[str, Any], roles: Iterable[CaseRole] = (CLERK,), on: date = TODAY
) -> Advance:
    """Take a step with everything attested; the actor is the worker's own person."""
    ids = iter(f"new{n}" for n in range(99))
    stated = {guard: Attestation(guard, "卷宗第3页") for guard in required_attestations(PROCEDURE.steps[action])}
    setting = Setting(
        TODAY, official_calendar(), frozenset(roles), "w1", References(ORGANIZATIONS, PEOPLE), lambda: next(ids)
    )
    return advance(case, Command(action, on, given, attestations=stated, evidence=("来函",)), setting)


def refused(action: str, case: Case, given: Mapping[str, Any], **values: Any) -> dict[str, str | None]:
    """What stands against a step, and what each blocker misses."""
    with pytest.raises(BlockedError) as caught:
        take(action, case, given, **values)
    return {blocker.code: blocker.missing for blocker in caught.value.blockers}


def wrong(action: str, case: Case, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of each value that cannot be taken."""
    with pytest.raises(InvalidInputError) as caught:
        take(action, case, given)
    return [(error.pointer, error.code) for error in caught.value.errors]


def missing(question: Question) -> set[tuple[str, str | None]]:
    """Code and missing input of everything that stands in the way."""
    return {(blocker.code, blocker.missing) for blocker in judge(question)[0]}


# holds


def held() -> Case:
    case = build_case("arbitration_accepted", deadlines=[build_deadline("D_ARB_45", date(2026, 6, 1))])
    given = {"hold_reason": "appraisal", "since": SINCE, "decided_by": "仲裁委"}
    return take("start_hold", case, given, on=SINCE).case


@pytest.mark.parametrize("until", [SINCE - timedelta(days=1), TODAY + timedelta(days=1), date.max, date.min])
def test_a_hold_does_not_end_before_it_began_nor_in_the_future(until: date) -> None:
    assert refused("end_hold", held(), {"until": until, "why": "鉴定完毕"}) == {"hold_cause_ended": "until"}


@pytest.mark.parametrize("until", [SINCE, TODAY])
def test_a_hold_ends_on_any_day_from_its_beginning_to_today(until: date) -> None:
    before = next(held().running("D_ARB_45"))

    after = take("end_hold", held(), {"until": until, "why": "鉴定完毕"}).case

    assert (next(after.running("D_ARB_45")).raw - before.raw).days == (until - SINCE).days + 1


def test_a_hold_that_paused_no_clock_still_does_not_end_in_the_future() -> None:
    case = build_case("org_mediation_in_progress")
    quiet = take("start_hold", case, {"hold_reason": "agreed_talks", "since": SINCE, "decided_by": "双方"}).case

    assert refused("end_hold", quiet, {"until": date.max, "why": "x"}) == {"hold_cause_ended": "until"}
    assert take("end_hold", quiet, {"until": TODAY, "why": "x"}).target == "running"


def test_a_hold_does_not_begin_in_the_future() -> None:
    given = {"hold_reason": "agreed_talks", "since": TODAY + timedelta(days=1), "decided_by": "双方"}

    found = refused("start_hold", build_case("org_mediation_in_progress"), given)

    assert found == {"occurred_in_future": "since"}


# performance


PAID = {"obligation": "o1", "proof": [{"reference": "r"}]}
COUNTED_BY = {
    "record_performance": "something_left",
    "record_final_performance": "all_obligations_done",
    "record_late_performance": "something_overdue",
    "cure_default": "something_left",
}


def owing(**obligation: Any) -> Case:
    """An obligation, and another that is due later."""
    return build_case("defaulted", obligations=[build_obligation(**obligation), build_obligation("o2")])


@pytest.mark.parametrize("status", ["superseded", "frozen", "dropped", "draft", "done"])
@pytest.mark.parametrize("action", COUNTED_BY)
def test_nothing_is_performed_on_what_is_not_owed(action: str, status: str) -> None:
    question = ask(action, owing(status=status), input=PAID)

    assert (COUNTED_BY[action], "obligation") in missing(question)


@pytest.mark.parametrize("status", ["open", "part"])
def test_what_is_owed_is_performed(status: str) -> None:
    paid = 400_000 if status == "part" else 0
    assert blockers(ask("record_performance", owing(status=status, paid_fen=paid), input=PAID)) == set()


@pytest.mark.parametrize("amount", [-1, 0, 600_001, 10**12])
@pytest.mark.parametrize("action", COUNTED_BY)
def test_a_payment_is_neither_nothing_nor_more_than_what_is_left(action: str, amount: int) -> None:
    question = ask(action, owing(status="part", paid_fen=400_000), input={**PAID, "amount": amount})

    found = next(blocker for blocker in judge(question)[0] if blocker.code == COUNTED_BY[action])

    assert (found.missing, found.facts) == ("amount", {"left": 600_000})


@pytest.mark.parametrize("amount", [1, 600_000, None])
def test_a_payment_up_to_what_is_left_counts(amount: int | None) -> None:
    case = owing(status="part", paid_fen=400_000)

    assert blockers(ask("record_performance", case, input={**PAID, "amount": amount})) == set()


def test_an_act_takes_no_amount() -> None:
    case = owing(kind="act", amount_fen=None)

    assert missing(ask("record_performance", case, input={**PAID, "amount": 1})) == {("something_left", "amount")}
    assert blockers(ask("record_performance", case, input=PAID)) == set()


def by_the_debtor(case: Case, *roles: CaseRole, **values: Any) -> bool:
    return "proof_of_performance" in blockers(ask("record_performance", case, roles=roles, **values))


def test_the_debtor_s_own_word_is_no_proof_but_the_creditor_s_is() -> None:
    case = owing()

    assert missing(ask("record_performance", case, input=PAID, roles=[EMPLOYER], evidence=("回单",))) == {
        ("proof_of_performance", "proof")
    }
    assert not by_the_debtor(case, WORKER, input=PAID)
    assert not by_the_debtor(case, CLERK, input=PAID)
    assert not by_the_debtor(case, EMPLOYER, CLERK, input=PAID)


def test_one_who_owes_among_those_who_receive_is_a_debtor_all_the_same() -> None:
    between = owing(debtor_id="E", creditor_id="E2")

    assert by_the_debtor(between, EMPLOYER, input=PAID)


@pytest.mark.parametrize(
    ("debtor", "creditor", "receives"),
    [("E", None, WORKER), ("W", None, EMPLOYER), (None, "E", EMPLOYER), (None, None, WORKER)],
)
def test_where_an_end_is_not_named_the_other_side_of_the_case_stands_there(
    debtor: str | None, creditor: str | None, receives: CaseRole
) -> None:
    case = owing(debtor_id=debtor, creditor_id=creditor)
    owes = ({WORKER, EMPLOYER} - {receives}).pop()

    assert not by_the_debtor(case, receives, input=PAID)
    assert by_the_debtor(case, owes, input=PAID)


def test_a_debtor_sees_beforehand_that_another_records_the_payment() -> None:
    assert by_the_debtor(owing(), EMPLOYER, listing=True)
    assert not by_the_debtor(owing(), WORKER, listing=True)
    assert not by_the_debtor(build_case("performing"), EMPLOYER, listing=True)


# obligations


def settled(case: Case, *obligations: Mapping[str, Any]) -> tuple[str, Case, dict[str, Any]]:
    given = {"agreement": {"reference": "和解协议"}, "effective_on": TODAY, "obligations": list(obligations)}
    return "settle", case, given


def owed(**values: Any) -> dict[str, Any]:
    due = date(2026, 7, 31)
    return {"kind": "payment", "debtor": "E", "creditor": "W", "amount_fen": 5, "due_on": due, **values}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"creditor": "E"}, [("/obligations/1/creditor", "same_party")]),
        ({"amount_fen": 0}, [("/obligations/1/amount", "not_positive")]),
        ({"amount_fen": -5, "kind": "act"}, [("/obligations/1/amount", "not_positive")]),
        ({"due_on": date(1989, 12, 31)}, [("/obligations/1/due_on", "date_out_of_range")]),
        ({"due_on": date(2056, 6, 16)}, [("/obligations/1/due_on", "date_out_of_range")]),
        ({"due_on": date.max}, [("/obligations/1/due_on", "date_out_of_range")]),
    ],
)
def test_what_nobody_can_owe_is_refused_with_its_place(values: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert wrong(*settled(build_case("negotiating"), owed(), owed(**values))) == found


@pytest.mark.parametrize(
    "values",
    [{}, {"amount_fen": 1}, {"due_on": date(1990, 1, 1)}, {"due_on": date(2056, 6, 15)}, {"amount_fen": None}],
)
def test_what_can_be_owed_is_taken(values: dict[str, Any]) -> None:
    after = take(*settled(build_case("negotiating"), owed(**values))).case

    assert [entry.status for entry in after.obligations.values()] == ["open"]


def test_one_of_several_who_could_owe_is_named() -> None:
    several = build_case(
        "negotiating", parties=[build_party(), build_party("respondent"), build_party(**SECOND_EMPLOYER)]
    )

    assert wrong(*settled(several, owed(debtor=None))) == [("/obligations/0/debtor", "party_needed")]
    assert wrong(*settled(several, owed(debtor=None, creditor=None))) == [
        ("/obligations/0/debtor", "party_needed"),
        ("/obligations/0/creditor", "party_needed"),
    ]
    assert take(*settled(several, owed(creditor=None))).case.obligations
    assert take(*settled(several, owed(kind="act", debtor=None, amount_fen=None))).case.obligations


def test_between_two_parties_the_ends_of_a_payment_go_without_saying() -> None:
    assert take(*settled(build_case("negotiating"), owed(debtor=None, creditor=None))).case.obligations


def test_a_settlement_in_enforcement_is_read_as_closely() -> None:
    facts = {"agreement": build_agreement()}
    case = build_case("defaulted", facts=facts, tracks=[build_track("enforcement", "enf_in_progress")])
    given = {"agreed_on": TODAY}

    assert wrong("enforcement_settled", case, {**given, "terms": [owed(amount_fen=0)]}) == [
        ("/terms/0/amount", "not_positive")
    ]
    assert take("enforcement_settled", case, {**given, "terms": [owed()]}).target


def test_a_due_date_is_not_postponed_for_ever() -> None:
    case = build_case("performing", obligations=[build_obligation()])
    given = {"obligation": "o1", "consent": {"reference": "同意书"}}

    assert wrong("postpone_due_date", case, {**given, "new_due": date.max}) == [("/new_due", "date_out_of_range")]
    assert take("postpone_due_date", case, {**given, "new_due": date(2026, 8, 31)}).case.obligations[
        "o1"
    ].due_on == date(2026, 8, 31)


# splitting


def splitting(case: Case, **given: Any) -> str | None:
    """What a split misses; `fine` where nothing stands against its parts."""
    found = [b for b in judge(ask("split_off", case, input=given))[0] if b.code == "split_not_empty_not_whole"]
    return _only(found).missing if found else "fine"


def _only(found: list[Blocker]) -> Blocker:
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("outcome", ["withdrawn", "settled", "split_off", "dismissed"])
def test_a_claim_that_is_over_keeps_no_part_alive(outcome: str) -> None:
    dead = build_case(claims=[build_claim(), build_claim("overtime_pay", outcome=outcome)])

    assert splitting(dead, claims=["unpaid_wages"]) == "claims"
    assert splitting(dead, claims=["overtime_pay"]) == "claims"


def test_one_of_two_open_claims_is_split_off_even_if_named_twice() -> None:
    two = build_case(claims=[build_claim(), build_claim("overtime_pay")])

    assert splitting(two, claims=["overtime_pay"]) == "fine"
    assert splitting(two, claims=["overtime_pay", "overtime_pay"]) == "fine"
    assert splitting(two, claims=["overtime_pay", "unpaid_wages"]) == "claims"
    assert splitting(two, claims=["nonsense"]) == "claims"


def test_workers_are_split_off_only_among_those_still_there_and_while_a_claim_is_open() -> None:
    def case(status: str = "active", **claim: Any) -> Case:
        workers = [build_party(), build_party("co_applicant", id="W2", status=status)]
        return build_case(parties=[*workers, build_party("respondent")], claims=[build_claim(**claim)])

    assert splitting(case(), workers=["W2"]) == "fine"
    assert splitting(case("dropped"), workers=["W2"]) == "workers"
    assert splitting(case("dropped"), workers=["W"]) == "workers"
    assert splitting(case(), workers=["W", "W2"]) == "workers"
    assert splitting(case(), workers=["E"]) == "workers"
    assert splitting(case(outcome="withdrawn"), workers=["W2"]) == "claims"


def test_each_part_keeps_a_respondent() -> None:
    two = build_case(parties=[build_party(), build_party("respondent"), build_party(**SECOND_EMPLOYER)])

    assert splitting(two, respondents=["E2"]) == "fine"
    assert splitting(two, respondents=["E", "E2"]) == "respondents"


def test_workers_who_are_sued_go_over_as_respondents_so_that_their_part_has_an_applicant() -> None:
    employer = build_party(id="E", kind="employer", side="employer")
    sued = [build_party("respondent", id=key, kind="worker", side="worker") for key in ("W1", "W2")]
    case = build_case(parties=[employer, *sued])

    assert splitting(case, workers=["W1"]) == "workers"
    assert splitting(case, respondents=["W1"]) == "fine"


# claims


def both_claim() -> Case:
    return build_case(
        "org_mediation_in_progress",
        parties=[build_party(person_id="w1"), build_party("respondent", person_id="e1")],
        claims=[build_claim(), build_claim("overtime_pay", claimant_side="employer")],
    )


@pytest.mark.parametrize(
    ("given", "name"), [({"drop": ["overtime_pay"]}, "drop"), ({"change": [{"claim": "overtime_pay"}]}, "change")]
)
def test_a_party_does_not_touch_what_the_other_side_claims(given: dict[str, Any], name: str) -> None:
    assert refused("amend_claims", both_claim(), {"by": "W", **given}, roles=[WORKER]) == {"authority_to_settle": name}


@pytest.mark.parametrize("roles", [[WORKER], [CLERK]])
def test_a_party_changes_and_drops_its_own_claims(roles: list[CaseRole]) -> None:
    changed = take(
        "amend_claims", both_claim(), {"by": "W", "change": [{"claim": "unpaid_wages", "amount_fen": 7}]}, roles=roles
    )
    dropped = take("amend_claims", both_claim(), {"by": "W", "drop": ["unpaid_wages"]}, roles=roles)

    assert changed.case.claims["unpaid_wages"].amount_fen == 7
    assert dropped.case.claims["unpaid_wages"].outcome == "withdrawn"


def test_the_house_records_what_either_side_gives_up() -> None:
    dropped = take("amend_claims", both_claim(), {"by": "E", "drop": ["overtime_pay"]})

    assert dropped.case.claims["overtime_pay"].outcome == "withdrawn"
