"""Asking to read a case that somebody else handles: who may ask and for what, who decides, and how long it waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.access import WRITING, AccountKind, Actor, MembershipRole
from mediation.domain.labels import Label

ASKING: Final = WRITING | {MembershipRole.AUDITOR}
"""Who works on cases and may ask for one more: people of the house, and who watches over them."""
DECIDING: Final = frozenset({MembershipRole.SUPERVISOR})
"""Who answers, at the body that handles the case or at one above it."""
WAITS: Final = timedelta(days=14)
"""How long a request waits for an answer."""
LONGEST: Final = timedelta(days=30)
"""How far ahead what is granted may end."""


class AccessPurpose(StrEnum):
    """What somebody asks to read a case for."""

    SAME_EMPLOYER = "same_employer"
    SAME_WORKER = "same_worker"
    LEGAL_AID = "legal_aid"
    SUPERVISION = "supervision"
    ENQUIRY_OF_COURT = "enquiry_of_court"
    TAKING_OVER = "taking_over"


ACCESS_PURPOSES: Final[Mapping[AccessPurpose, Label]] = MappingProxyType(
    {
        AccessPurpose.SAME_EMPLOYER: Label("办理同一用人单位的其他争议", "Another dispute of the same employer"),
        AccessPurpose.SAME_WORKER: Label("办理同一劳动者的其他争议", "Another dispute of the same worker"),
        AccessPurpose.LEGAL_AID: Label("办理法律援助", "Legal aid to a party"),
        AccessPurpose.SUPERVISION: Label("工会劳动法律监督", "Union supervision of labour law"),
        AccessPurpose.ENQUIRY_OF_COURT: Label("答复法院查询", "Answering an enquiry of a court"),
        AccessPurpose.TAKING_OVER: Label("拟接手办理本案", "About to take the case over"),
    }
)


class Standing(StrEnum):
    """Where a request stands: kept but for the last, which comes by itself."""

    WAITING = "waiting"
    GRANTED = "granted"
    DENIED = "denied"
    EXPIRED = "expired"


def may_ask(actor: Actor) -> bool:
    """Whether this is somebody who works on cases of some body, in person; it holds too while they read."""
    return _is_in_person(actor) and bool(actor.roles & ASKING)


def may_decide(actor: Actor) -> bool:
    """Whether this is a supervisor of some body, in person."""
    return _is_in_person(actor) and bool(actor.roles & DECIDING)


def _is_in_person(actor: Actor) -> bool:
    is_a_person = actor.kind is AccountKind.PERSON and actor.represented_by is None
    return is_a_person and actor.organization_id is not None and not actor.sees_no_case


def is_near_enough(until: datetime, now: datetime) -> bool:
    """Whether an end lies ahead, by 30 days at most."""
    return now < until <= now + LONGEST


def standing_of(kept: Standing, asked_at: datetime, now: datetime) -> Standing:
    """How a request stands at a moment: nobody having answered in 14 days, it is over."""
    return Standing.EXPIRED if kept is Standing.WAITING and asked_at + WAITS <= now else kept
