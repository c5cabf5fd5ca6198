"""What a party is, what it does in the case, and in which capacity somebody pays."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label


class Side(StrEnum):
    WORKER = "worker"
    EMPLOYER = "employer"
    THIRD = "third"


class PartyKind(StrEnum):
    """Who a party is in the employment (LDMAL 22, 23, 25; ZJ 18; LI1 26–30; MW 30, 36)."""

    WORKER = "worker"
    HEIRS = "heirs"
    EMPLOYER = "employer"
    HOST_EMPLOYER = "host_employer"
    PRINCIPAL_CONTRACTOR = "principal_contractor"
    DEVELOPER = "developer"
    INDIVIDUAL_EMPLOYER = "individual_employer"
    INDIVIDUAL = "individual"
    ADMINISTRATOR = "administrator"
    CO_OBLIGOR = "co_obligor"
    ORGANIZATION = "organization"
    OTHER = "other"


class PartyRole(StrEnum):
    """What a party does in this case."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    THIRD_PARTY = "third_party"
    CO_APPLICANT = "co_applicant"
    CO_RESPONDENT = "co_respondent"
    JOINT_DEBTOR = "joint_debtor"
    GUARANTOR = "guarantor"


class PayerCapacity(StrEnum):
    """In which capacity somebody performs an obligation (CC 524, 552; MW 30–33)."""

    RESPONDENT = "respondent"
    JOINT_DEBTOR = "joint_debtor"
    PRINCIPAL_CONTRACTOR = "principal_contractor"
    THIRD_PARTY = "third_party"
    WAGE_GUARANTEE = "wage_guarantee"
    EMERGENCY_FUND = "emergency_fund"
    UNION_ADVANCE = "union_advance"
    INSURER = "insurer"
    COURT = "court"


SIDE_LABELS: Final[Mapping[Side, Label]] = MappingProxyType(
    {
        Side.WORKER: Label("劳动者一方", "worker side"),
        Side.EMPLOYER: Label("用人单位一方", "employer side"),
        Side.THIRD: Label("其他", "third side"),
    }
)

PARTY_KIND_LABELS: Final[Mapping[PartyKind, Label]] = MappingProxyType(
    {
        PartyKind.WORKER: Label("劳动者", "worker"),
        PartyKind.HEIRS: Label("近亲属（劳动者死亡）", "heirs of the worker"),
        PartyKind.EMPLOYER: Label("用人单位", "employer"),
        PartyKind.HOST_EMPLOYER: Label("用工单位", "host employer"),
        PartyKind.PRINCIPAL_CONTRACTOR: Label("总承包单位", "principal contractor"),
        PartyKind.DEVELOPER: Label("建设单位", "developer"),
        PartyKind.INDIVIDUAL_EMPLOYER: Label("包工头、个人雇主", "individual employer"),
        PartyKind.INDIVIDUAL: Label("自然人", "individual"),
        PartyKind.ADMINISTRATOR: Label("破产管理人", "insolvency administrator"),
        PartyKind.CO_OBLIGOR: Label("共同义务人", "co-obligor"),
        PartyKind.ORGANIZATION: Label("单位", "organization"),
        PartyKind.OTHER: Label("其他", "other"),
    }
)

PARTY_ROLE_LABELS: Final[Mapping[PartyRole, Label]] = MappingProxyType(
    {
        PartyRole.APPLICANT: Label("申请人", "applicant"),
        PartyRole.RESPONDENT: Label("被申请人", "respondent"),
        PartyRole.THIRD_PARTY: Label("第三人", "third party"),
        PartyRole.CO_APPLICANT: Label("共同申请人", "co-applicant"),
        PartyRole.CO_RESPONDENT: Label("共同被申请人", "co-respondent"),
        PartyRole.JOINT_DEBTOR: Label("连带责任人", "joint debtor"),
        PartyRole.GUARANTOR: Label("保证人", "guarantor"),
    }
)

PAYER_CAPACITY_LABELS: Final[Mapping[PayerCapacity, Label]] = MappingProxyType(
    {
        PayerCapacity.RESPONDENT: Label("被申请人", "respondent"),
        PayerCapacity.JOINT_DEBTOR: Label("连带责任人", "joint debtor"),
        PayerCapacity.PRINCIPAL_CONTRACTOR: Label("总承包单位先行清偿", "principal contractor paying first"),
        PayerCapacity.THIRD_PARTY: Label("第三人代为履行", "third party"),
        PayerCapacity.WAGE_GUARANTEE: Label("工资保证金", "wage deposit or guarantee"),
        PayerCapacity.EMERGENCY_FUND: Label("欠薪应急周转金", "emergency wage fund"),
        PayerCapacity.UNION_ADVANCE: Label("工会垫付", "union advance"),
        PayerCapacity.INSURER: Label("保险人", "insurer"),
        PayerCapacity.COURT: Label("法院发放执行款", "court, from enforcement"),
    }
)

_SIDES: Final[Mapping[PartyKind, Side]] = MappingProxyType(
    {
        PartyKind.WORKER: Side.WORKER,
        PartyKind.HEIRS: Side.WORKER,
        PartyKind.EMPLOYER: Side.EMPLOYER,
        PartyKind.HOST_EMPLOYER: Side.EMPLOYER,
        PartyKind.PRINCIPAL_CONTRACTOR: Side.EMPLOYER,
        PartyKind.DEVELOPER: Side.EMPLOYER,
        PartyKind.INDIVIDUAL_EMPLOYER: Side.EMPLOYER,
        PartyKind.INDIVIDUAL: Side.THIRD,
        PartyKind.ADMINISTRATOR: Side.EMPLOYER,
        PartyKind.CO_OBLIGOR: Side.EMPLOYER,
        PartyKind.ORGANIZATION: Side.THIRD,
        PartyKind.OTHER: Side.THIRD,
    }
)

_NATURAL: Final = frozenset({PartyKind.WORKER, PartyKind.HEIRS, PartyKind.INDIVIDUAL_EMPLOYER, PartyKind.INDIVIDUAL})


def side_of(kind: PartyKind) -> Side:
    """Tell whose side a kind of party stands on by what it is; its role in the case may say more."""
    return _SIDES[kind]


def side_in_case(kind: str, role: str) -> str:
    """Tell whose side a party of this kind stands on in this role."""
    return str(Side.THIRD if role == PartyRole.THIRD_PARTY else side_of(PartyKind(kind)))


def is_natural(kind: PartyKind) -> bool:
    """Tell whether a party of this kind is a natural person, whose data are personal (PIPL 4)."""
    return kind in _NATURAL
