"""The ways a matter reaches the service, and where a mediation before trial takes place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label


class IntakeChannel(StrEnum):
    WALK_IN = "walk_in"
    PHONE = "phone"
    HOTLINE_12351 = "hotline_12351"
    HOTLINE_12345 = "hotline_12345"
    HOTLINE_12333 = "hotline_12333"
    HOTLINE_12348 = "hotline_12348"
    PUBLIC_HOTLINE = "public_hotline"
    INTERNET_COMPLAINT = "internet_complaint"
    WORK_STYLE_SUPERVISION = "work_style_supervision"
    UNION_VISIT = "union_visit"
    ENTERPRISE_UNION = "enterprise_union"
    LABOUR_INSPECTION = "labour_inspection"
    COURT = "court"
    ARBITRATION_COMMISSION = "arbitration_commission"
    PARTNER_REGION = "partner_region"
    OTHER_BODY = "other_body"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in: the number to dial where there is one, and whether another body hands the matter over."""

    code: IntakeChannel
    label: Label
    hotline: str | None = None
    is_hand_over: bool = False


class PretrialVenue(StrEnum):
    """The three meanings of mediation before trial (庭前调解), each with its own clock."""

    COURT_PREFILING_DISPATCH = "court_prefiling_dispatch"
    COURT_POSTFILING_ENTRUST = "court_postfiling_entrust"
    ARBITRATION_PREHEARING = "arbitration_prehearing"


@dataclass(frozen=True, slots=True)
class Venue:
    """One meaning of mediation before trial, the codes of the terms that may run there, and its basis."""

    code: PretrialVenue
    label: Label
    terms: tuple[str, ...]
    basis: str


_CHANNELS: Final = (
    Channel(IntakeChannel.WALK_IN, Label("来访", "visit to the service desk")),
    Channel(IntakeChannel.PHONE, Label("来电", "telephone call")),
    Channel(IntakeChannel.HOTLINE_12351, Label("12351职工维权热线", "union hotline 12351"), "12351"),
    Channel(
        IntakeChannel.HOTLINE_12345,
        Label("12345政务服务便民热线", "government hotline 12345"),
        "12345",
        is_hand_over=True,
    ),
    Channel(
        IntakeChannel.HOTLINE_12333,
        Label("12333人力资源社会保障热线", "human resources hotline 12333"),
        "12333",
        is_hand_over=True,
    ),
    Channel(
        IntakeChannel.HOTLINE_12348,
        Label("12348公共法律服务热线", "legal aid hotline 12348"),
        "12348",
        is_hand_over=True,
    ),
    Channel(IntakeChannel.PUBLIC_HOTLINE, Label("民情热线", "public hotline"), is_hand_over=True),
    Channel(IntakeChannel.INTERNET_COMPLAINT, Label("互联网投诉", "internet complaint")),
    Channel(IntakeChannel.WORK_STYLE_SUPERVISION, Label("行风监督", "work-style supervision"), is_hand_over=True),
    Channel(IntakeChannel.UNION_VISIT, Label("工会走访排查", "found by a visit of the union")),
    Channel(
        IntakeChannel.ENTERPRISE_UNION,
        Label("企业工会上报", "reported by the enterprise union"),
        is_hand_over=True,
    ),
    Channel(
        IntakeChannel.LABOUR_INSPECTION,
        Label("劳动保障监察移交", "hand-over by labour inspection"),
        is_hand_over=True,
    ),
    Channel(
        IntakeChannel.COURT,
        Label("法院委派、委托或移送", "dispatch or hand-over by a court"),
        is_hand_over=True,
    ),
    Channel(
        IntakeChannel.ARBITRATION_COMMISSION,
        Label("仲裁委员会委托或移送", "entrusted or handed over by an arbitration commission"),
        is_hand_over=True,
    ),
    Channel(
        IntakeChannel.PARTNER_REGION,
        Label("劳务输出地协作移送", "referred by a partner region, the workers' home county"),
        is_hand_over=True,
    ),
    Channel(IntakeChannel.OTHER_BODY, Label("其他单位转交", "referred by another body"), is_hand_over=True),
)

CHANNELS: Final[Mapping[IntakeChannel, Channel]] = MappingProxyType({row.code: row for row in _CHANNELS})

_VENUES: Final = (
    Venue(
        PretrialVenue.COURT_PREFILING_DISPATCH,
        Label("诉前委派调解", "court mediation before registration, by dispatch"),
        ("D_CT_30",),
        "SPC-TY 11, 27; SPC-OL 24; CPL 125",
    ),
    Venue(
        PretrialVenue.COURT_POSTFILING_ENTRUST,
        Label("诉中委托调解", "court mediation after registration, by entrustment"),
        ("D_CT_15", "D_CT_7"),
        "SPC-TY 20, 27; SPC-OL 24",
    ),
    Venue(
        PretrialVenue.ARBITRATION_PREHEARING,
        Label("仲裁庭前调解", "mediation before the arbitration hearing"),
        ("D_ARB_PREMED_10",),
        "ZJ 22; LDMAL 42; R33 70 (from memory)",
    ),
)

PRETRIAL_VENUES: Final[Mapping[PretrialVenue, Venue]] = MappingProxyType({row.code: row for row in _VENUES})
