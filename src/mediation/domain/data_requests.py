"""What a person asks about their own data, by when it is answered, and on what a refusal may rest (PIPL 44–50)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.calendar import Calendar, count
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.terms import DATA_REQUEST_TERM


class RequestKind(StrEnum):
    """What is asked for: the rights that can be carried out here."""

    COPY = "copy"
    EXPLANATION = "explanation"
    CORRECTION = "correction"
    ERASURE = "erasure"
    WITHDRAWAL = "withdrawal"


class Asker(StrEnum):
    """Who asks: the person, somebody acting for them, or a near relative of a person who died (PIPL 49)."""

    PERSON = "person"
    AGENT = "agent"
    HEIR = "heir"


class RequestStatus(StrEnum):
    """Whether it waits for an answer; an answer carries its outcome as the status."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    PARTLY = "partly"
    REFUSED = "refused"


class RefusalGround(StrEnum):
    """What an answer rests on that refuses all or part of a request."""

    IDENTITY_NOT_SHOWN = "identity_not_shown"
    HAS_TO_BE_KEPT = "has_to_be_kept"
    LEGAL_DUTY = "legal_duty"
    SECRET_BY_LAW = "secret_by_law"  # noqa: S105 - a code, no password
    DATA_OF_OTHERS = "data_of_others"
    FOUND_CORRECT = "found_correct"
    NOT_HELD = "not_held"


REQUESTS: Final[Mapping[RequestKind, tuple[Label, str]]] = MappingProxyType(
    {
        RequestKind.COPY: (Label("查阅、复制", "Access and copy"), "PIPL 45"),
        RequestKind.EXPLANATION: (Label("解释说明处理规则", "Explanation of the handling"), "PIPL 48"),
        RequestKind.CORRECTION: (Label("更正、补充", "Correction or completion"), "PIPL 46"),
        RequestKind.ERASURE: (Label("删除", "Erasure"), "PIPL 47"),
        RequestKind.WITHDRAWAL: (Label("撤回同意", "Withdrawal of a consent"), "PIPL 15"),
    }
)
"""What each is called, and the right it rests on."""

GROUNDS: Final[Mapping[RefusalGround, tuple[Label, str]]] = MappingProxyType(
    {
        RefusalGround.IDENTITY_NOT_SHOWN: (
            Label("未证明身份或者代理、近亲属资格", "Who asks did not show who they are, or for whom they act"),
            "PIPL 49, 50",
        ),
        RefusalGround.HAS_TO_BE_KEPT: (
            Label("法定保存期限未满", "The time for which the law has it kept is not over"),
            "PIPL 47",
        ),
        RefusalGround.LEGAL_DUTY: (
            Label("履行法定职责或者法定义务所必需", "It is needed to perform a duty under the law"),
            "PIPL 13",
        ),
        RefusalGround.SECRET_BY_LAW: (
            Label(
                "法律规定应当保密,包括调解中的陈述和让步", "The law keeps it secret, such as what was said in mediation"
            ),
            "PIPL 18, 45",
        ),
        RefusalGround.DATA_OF_OTHERS: (
            Label("会泄露他人的个人信息", "It would disclose personal data of others"),
            "PIPL 10",
        ),
        RefusalGround.FOUND_CORRECT: (Label("经核实信息无误", "It was checked and found correct"), "PIPL 46"),
        RefusalGround.NOT_HELD: (Label("未持有所请求的信息", "No such data are held"), "PIPL 45"),
    }
)
"""What each is called, and its basis: a refusal rests on one of these and gives its reasons (PIPL 50)."""

ANSWERED_BY: Final[Mapping[RequestKind, frozenset[str]]] = MappingProxyType(
    {
        RequestKind.COPY: frozenset({"export_data"}),
        RequestKind.EXPLANATION: frozenset(),
        RequestKind.CORRECTION: frozenset({"correct_entry", "amend_party", "put_employment"}),
        RequestKind.ERASURE: frozenset({"erase"}),
        RequestKind.WITHDRAWAL: frozenset({"withdraw_consent"}),
    }
)
"""The act that carries a request out: of a copy a reading in the access log, of the others an entry of history."""

_BY_AN_ACT: Final = frozenset({RequestKind.ERASURE, RequestKind.WITHDRAWAL})
"""What is done by an act here and nowhere else: fulfilled only where the act is named."""

ENTRIES: Final = frozenset({"receive_data_request", "answer_data_request"})
"""Entries of history that concern the person and those who answer them, and no other party."""


def due_on(received_on: date, calendar: Calendar) -> date:
    """The last day for an answer: 15 natural days, the day of receipt not counted; there is no extension."""
    term = DATA_REQUEST_TERM
    assert term.length is not None  # noqa: S101 - its row says so
    return count(calendar, received_on, term.length, term.unit, roll=term.roll).due


def who_answers(kind: RequestKind) -> frozenset[CaseRole]:
    """Who answers: a supervisor where data would be erased, else who stands by neither side."""
    if kind is RequestKind.ERASURE:
        return frozenset({CaseRole.SUPERVISOR})
    return frozenset({CaseRole.CLERK, CaseRole.MEDIATOR})


def check_answer(
    kind: RequestKind, outcome: RequestStatus, *, ground: RefusalGround | None, reason: str | None, act: str | None
) -> None:
    """InvalidInputError for an answer that refuses without ground and reason, or fulfils what no act carried out."""
    errors = []
    if outcome is RequestStatus.FULFILLED and ground is not None:
        text = Label("已全部办理的,不填拒绝理由", "Nothing was refused: leave the ground out.")
        errors.append(InputError("/ground", "not_refused", text))
    if outcome is not RequestStatus.FULFILLED:
        missing = Label("拒绝的,应当填写法定理由并说明", "A refusal needs its legal ground, and says why.")
        given = {"/ground": ground, "/reason": reason}
        errors += [InputError(pointer, "missing", missing) for pointer, value in given.items() if value is None]
    if outcome is not RequestStatus.REFUSED and act is None and kind in _BY_AN_ACT:
        text = Label("请填写办理该请求的记录标识", "Name the act that carried it out.")
        errors.append(InputError("/act_id", "missing", text))
    if errors:
        raise InvalidInputError(errors)
