"""Clocks that rows handle with more care than the list says: what is left, replaced or postponed falls due on time."""

from datetime import date
from typing import Any

import pytest
from tests.builders import TODAY, build_agreement, build_case, build_deadline, build_obligation

from mediation.domain import advance as advancing
from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Case, Command, Setting
from mediation.domain.procedure.step import CaseRole

DUE = date(2026, 6, 30)
NEW_DUE = date(2026, 7, 31)


@pytest.fixture(autouse=True)
def _no_guard_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "judge", lambda _question: ((), ()))


def take(action: str, case: Case, role: CaseRole = CaseRole.CLERK, **given: Any) -> Case:
    ids = iter(f"new{n}" for n in range(99))
    setting = Setting(TODAY, official_calendar(), frozenset({role}), "someone", new_id=lambda: next(ids))
    return advance(case, Command(action, TODAY, given), setting).case


def owing(state: str, **obligation: Any) -> Case:
    """One obligation of 10,000 yuan from E to W, and another that is due later; each has its clock."""
    owed = [build_obligation("o1", **obligation), build_obligation("o2", due_on=NEW_DUE)]
    clocks = [build_deadline("OBLIGATION", id=f"d{o.id}", due=o.due_on, ref_id=o.id) for o in owed]
    return build_case(state, obligations=owed, deadlines=clocks, facts={"agreement": build_agreement()})


def running(case: Case) -> list[tuple[str | None, date]]:
    return sorted((deadline.ref_id, deadline.due) for deadline in case.running("OBLIGATION"))


def pay(case: Case, fen: int) -> Case:
    given: dict[str, Any] = {
        "obligation": "o1",
        "done_on": TODAY,
        "payer": "E",
        "payer_capacity": "respondent",
        "proof": ["p"],
    }
    return take("record_performance", case, amount=fen, **given)


def test_an_obligation_paid_in_part_still_falls_due() -> None:
    assert running(pay(owing("performing"), 400_000)) == [("o1", DUE), ("o2", NEW_DUE)]


def test_an_obligation_paid_in_full_does_not() -> None:
    assert running(pay(owing("performing"), 1_000_000)) == [("o2", NEW_DUE)]


@pytest.mark.parametrize("status", ["running", "fired"])
def test_a_postponed_obligation_falls_due_on_the_new_day(status: str) -> None:
    case = owing("defaulted")
    overdue = build_deadline("OBLIGATION", id="do1", due=DUE, ref_id="o1", status=status)
    case = build_case(
        "defaulted",
        obligations=list(case.obligations.values()),
        deadlines=[overdue, case.deadlines["do2"]],
        facts=case.facts,
    )

    after = take("postpone_due_date", case, obligation="o1", new_due=NEW_DUE, consent="c")

    assert after.state == "performing"
    assert running(after) == [("o1", NEW_DUE), ("o2", NEW_DUE)]


@pytest.mark.parametrize(
    ("action", "state", "given"),
    [
        ("settle", "defaulted", {"agreement": "a", "effective_on": TODAY}),
        ("court_statement_issued", "performing", {"court_no": "x", "served_on": {"W": TODAY, "E": TODAY}}),
    ],
)
def test_what_a_new_title_replaces_falls_due_no_more(action: str, state: str, given: dict[str, Any]) -> None:
    owed = {"kind": "payment", "debtor": "E", "creditor": "W", "amount_fen": 5, "due_on": date(2026, 8, 31)}

    after = take(action, owing(state), obligations=[owed], **given)

    assert [due for _, due in running(after)] == [date(2026, 8, 31)]


def test_following_up_again_keeps_one_term() -> None:
    once = take("start_followup", owing("performing"), planned_on=TODAY)
    twice = take("start_followup", once, planned_on=TODAY)

    assert len(list(once.running("D_FOLLOWUP_90"))) == 1
    assert len(list(twice.running("D_FOLLOWUP_90"))) == 1
