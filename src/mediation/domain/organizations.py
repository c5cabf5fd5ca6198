"""The bodies that take part in a case, and what an agreement made before each of them may be used for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label


class OrganizationKind(StrEnum):
    ENTERPRISE_COMMITTEE = "enterprise_committee"
    PEOPLE_MEDIATION = "people_mediation"
    TOWNSHIP_ORG = "township_org"
    REGIONAL_INDUSTRY_ORG = "regional_industry_org"
    OTHER_LAWFUL_ORG = "other_lawful_org"
    GOVERNANCE_CENTRE = "governance_centre"
    ADMINISTRATIVE_MEDIATION = "administrative_mediation"
    ARBITRATION_STATION = "arbitration_station"
    ENTERPRISE_UNION = "enterprise_union"
    STREET_TOWN_UNION = "street_town_union"
    COUNTY_FEDERATION = "county_federation"
    CITY_FEDERATION = "city_federation"
    PROVINCIAL_FEDERATION = "provincial_federation"
    COURT = "court"
    ARBITRATION_COMMISSION = "arbitration_commission"
    LABOUR_INSPECTION = "labour_inspection"
    LEGAL_AID_AGENCY = "legal_aid_agency"
    OTHER = "other"


class Eligibility(StrEnum):
    """Whether an agreement made before a body may take a way to enforceability.

    `payment_only`: if it holds payment duties only; `AMB-4`: the law is open, see there; `ask_first`: not named by
    the statute, the commission or court is asked before.
    """

    YES = "yes"
    PAYMENT_ONLY = "payment_only"
    AMB_4 = "AMB-4"
    ASK_FIRST = "ask_first"
    NO = "no"


@dataclass(frozen=True, slots=True)
class OrganizationProfile:
    """What the law makes of one kind of body.

    `is_article_10`: a mediation organization of LDMAL 10 and ZJ 7, whose agreements bind like a labour contract
    (LI1 51). `needs_written_agreement`: an oral agreement on record is not enough (LDMAL 14; AMB-15).
    `union_level`: 1 enterprise, 2 street or town, 3 county, 4 city, 5 province; None for other bodies.
    """

    kind: OrganizationKind
    label: Label
    basis: str
    is_mediation_body: bool = False
    is_article_10: bool = False
    arbitration_review: Eligibility = Eligibility.NO
    payment_order: Eligibility = Eligibility.NO
    judicial_confirmation: Eligibility = Eligibility.NO
    needs_written_agreement: bool = False
    union_level: int | None = None


def _article_10(
    kind: OrganizationKind, label: Label, basis: str, *, confirmation: Eligibility = Eligibility.AMB_4
) -> OrganizationProfile:
    return OrganizationProfile(
        kind,
        label,
        basis,
        is_mediation_body=True,
        is_article_10=True,
        arbitration_review=Eligibility.YES,
        payment_order=Eligibility.YES,
        judicial_confirmation=confirmation,
        needs_written_agreement=kind is not OrganizationKind.PEOPLE_MEDIATION,
    )


def _union(kind: OrganizationKind, zh: str, en: str, level: int) -> OrganizationProfile:
    return OrganizationProfile(kind, Label(zh, en), "TUL 22, 23, 29, 30", union_level=level)


_K: Final = OrganizationKind

_ROWS: Final = (
    _article_10(
        _K.ENTERPRISE_COMMITTEE,
        Label("企业劳动争议调解委员会", "enterprise mediation committee"),
        "LDMAL 10(1); R17 13, 15",
    ),
    _article_10(
        _K.PEOPLE_MEDIATION,
        Label("人民调解委员会", "people's mediation committee"),
        "LDMAL 10(2); PML 8, 9, 34; LI1 52",
        confirmation=Eligibility.PAYMENT_ONLY,
    ),
    _article_10(
        _K.TOWNSHIP_ORG,
        Label("乡镇、街道劳动争议调解组织", "town or street mediation organization"),
        "LDMAL 10(3); ZJ 7(3)",
    ),
    _article_10(
        _K.REGIONAL_INDUSTRY_ORG,
        Label("区域性、行业性劳动争议调解组织", "regional or industry mediation organization"),
        "ZJ 7(4)",
    ),
    _article_10(
        _K.OTHER_LAWFUL_ORG,
        Label("其他依法设立的调解组织", "other lawfully established mediation organization"),
        "ZJ 7(5)",
    ),
    _article_10(
        _K.GOVERNANCE_CENTRE,
        Label("综治中心、矛盾调解中心", "governance or dispute-resolution centre"),
        "ZJ 7(5); practice",
    ),
    OrganizationProfile(
        _K.ADMINISTRATIVE_MEDIATION,
        Label(
            "行政调解（劳动保障监察、人社部门）",
            "administrative mediation by labour inspection or labour authority",
        ),
        "practice",
        is_mediation_body=True,
        arbitration_review=Eligibility.ASK_FIRST,
        payment_order=Eligibility.ASK_FIRST,
        judicial_confirmation=Eligibility.AMB_4,
        needs_written_agreement=True,
    ),
    OrganizationProfile(
        _K.ARBITRATION_STATION,
        Label("仲裁院调解室（裁前调解）", "mediation room of the arbitration commission"),
        "R33 69 (from memory); practice",
        is_mediation_body=True,
        arbitration_review=Eligibility.YES,
        payment_order=Eligibility.ASK_FIRST,
        judicial_confirmation=Eligibility.AMB_4,
        needs_written_agreement=True,
    ),
    _union(_K.ENTERPRISE_UNION, "企业工会", "enterprise union", 1),
    _union(_K.STREET_TOWN_UNION, "乡镇、街道工会", "street or town union", 2),
    _union(_K.COUNTY_FEDERATION, "县（市、区）总工会", "county or district federation of trade unions", 3),
    _union(_K.CITY_FEDERATION, "市总工会", "city federation of trade unions", 4),
    _union(_K.PROVINCIAL_FEDERATION, "省总工会", "provincial federation of trade unions", 5),
    OrganizationProfile(_K.COURT, Label("人民法院", "people's court"), "CPL 205"),
    OrganizationProfile(
        _K.ARBITRATION_COMMISSION,
        Label("劳动人事争议仲裁委员会", "labour and personnel dispute arbitration commission"),
        "LDMAL 17, 21; ZJ 17",
    ),
    OrganizationProfile(
        _K.LABOUR_INSPECTION,
        Label("劳动保障监察机构", "labour inspection"),
        "Labour Inspection Regulation 9, 11 (from memory)",
    ),
    OrganizationProfile(_K.LEGAL_AID_AGENCY, Label("法律援助机构", "legal aid agency"), "LAL 31, 43; ZJ 38"),
    OrganizationProfile(_K.OTHER, Label("其他单位", "other body"), "practice"),
)

ORGANIZATION_KINDS: Final[Mapping[OrganizationKind, OrganizationProfile]] = MappingProxyType(
    {row.kind: row for row in _ROWS}
)

COUNTY_LEVEL: Final = 3
"""Union level from which a supervision recommendation may be sent to an authority (ZJ-SUP)."""


def is_county_level_union(kind: OrganizationKind) -> bool:
    """Tell whether a body is a union federation of county level or above (ZJ-SUP)."""
    return (ORGANIZATION_KINDS[kind].union_level or 0) >= COUNTY_LEVEL


def judicial_confirmation(kind: OrganizationKind, *, court_invited: bool) -> Eligibility:
    """Tell whether an agreement may be judicially confirmed; the court's roster opens it for payment terms (AMB-4)."""
    profile = ORGANIZATION_KINDS[kind]
    if profile.is_mediation_body and court_invited:
        return Eligibility.PAYMENT_ONLY
    return profile.judicial_confirmation


def may_agree_orally(kind: OrganizationKind, *, court_invited: bool) -> bool:
    """Tell whether an oral agreement on record is enough: people's and invited mediation only (PML 28; SPC-TY 23; AMB-15)."""
    profile = ORGANIZATION_KINDS[kind]
    return profile.is_mediation_body and (court_invited or not profile.needs_written_agreement)
