"""Who acts in the demo: made-up organizations and people of every role, in a made-up city.

Data only. The tree under the federations says whose supervisors see whose cases, not who founded or leads whom.
Division codes are well formed and belong to no real place.
"""
# ruff: noqa: E501 - a row of a table stays on its line

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from mediation.domain.organizations import OrganizationKind as Kind

NAMESPACE: Final = uuid.UUID("5f0c1d0e-9b57-5f0e-8a53-6d6564696174")
"""Every id of the demo is a uuid5 in this namespace: the same on each machine and after each start anew."""


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """`short_name` opens its case numbers; `parent` is the code of the body above, None for a root.

    `is_court_invited`: on the roster of mediation organizations that the court invites (CPL 205).
    """

    code: str
    parent: str | None
    kind: Kind
    name: str
    short_name: str
    division: str
    is_court_invited: bool = False

    @property
    def id(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"organization/{self.code}"))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`subject` is the name in tokens; `memberships` are (organization code, roles); a party has none."""

    subject: str
    name: str
    memberships: tuple[tuple[str, tuple[str, ...]], ...]
    party_side: Literal["worker", "employer"] | None = None

    @property
    def id(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"person/{self.subject}"))


MEMBERS_SINCE: Final = date(2008, 5, 1)
"""The day the mediation and arbitration law took effect: before every date of a retold case."""

_CITY: Final = "339900"
_YUNXI: Final = "339901"
_LINJIANG: Final = "339902"

ORGANIZATIONS: Final = tuple(
    DemoOrganization(*row)
    for row in (
        # The federations, and the bodies whose cases they see.
        ("province-union", None, Kind.PROVINCIAL_FEDERATION, "越海省总工会", "越海", "330000"),
        ("city-union", "province-union", Kind.CITY_FEDERATION, "云州市总工会", "云州", _CITY),
        ("yunxi-union", "city-union", Kind.COUNTY_FEDERATION, "云州市云溪区总工会", "云溪总", _YUNXI),
        ("linjiang-union", "city-union", Kind.COUNTY_FEDERATION, "云州市临江区总工会", "临江总", _LINJIANG),
        # Yunxi district.
        ("yunxi-centre", "yunxi-union", Kind.OTHER_LAWFUL_ORG, "云溪区工会劳动争议调解中心", "云溪", _YUNXI, True),
        ("yunxi-governance", "yunxi-union", Kind.GOVERNANCE_CENTRE, "云溪区社会治安综合治理中心", "云溪治", _YUNXI, True),
        ("yunxi-builders", "yunxi-union", Kind.REGIONAL_INDUSTRY_ORG, "云溪区建筑业劳动争议调解委员会", "云溪建", _YUNXI),
        ("qiaotou-union", "yunxi-union", Kind.STREET_TOWN_UNION, "云溪区桥头街道总工会", "桥头总", _YUNXI),
        ("qiaotou-street", "qiaotou-union", Kind.TOWNSHIP_ORG, "桥头街道劳动争议调解委员会", "桥头", _YUNXI),
        ("qiaotou-studio", "qiaotou-union", Kind.OTHER_LAWFUL_ORG, "桥头街道总工会劳动关系调处工作室", "桥头室", _YUNXI),
        ("qingshi-union", "qiaotou-union", Kind.ENTERPRISE_UNION, "青石机械厂工会", "青石工", _YUNXI),
        ("qingshi-committee", "qingshi-union", Kind.ENTERPRISE_COMMITTEE, "青石机械厂劳动争议调解委员会", "青石", _YUNXI),
        # Linjiang district.
        ("linjiang-centre", "linjiang-union", Kind.OTHER_LAWFUL_ORG, "临江区工会劳动争议调解中心", "临江", _LINJIANG),
        ("linjiang-people", "linjiang-union", Kind.PEOPLE_MEDIATION, "临江区劳动争议人民调解委员会", "临江民", _LINJIANG, True),
        ("shatan-station", "linjiang-union", Kind.TOWNSHIP_ORG, "沙滩镇劳动争议一站式调解站", "沙滩", _LINJIANG),
        # Those outside the unions: they see what is sent to them.
        ("city-court", None, Kind.COURT, "云州市中级人民法院", "云州法", _CITY),
        ("yunxi-court", None, Kind.COURT, "云州市云溪区人民法院", "云溪法", _YUNXI),
        ("linjiang-court", None, Kind.COURT, "云州市临江区人民法院", "临江法", _LINJIANG),
        ("yunxi-commission", None, Kind.ARBITRATION_COMMISSION, "云溪区劳动人事争议仲裁委员会", "云溪仲", _YUNXI),
        ("yunxi-arbitration-room", "yunxi-commission", Kind.ARBITRATION_STATION, "云溪区仲裁院裁调工作室", "云溪裁", _YUNXI),
        ("linjiang-commission", None, Kind.ARBITRATION_COMMISSION, "临江区劳动人事争议仲裁委员会", "临江仲", _LINJIANG),
        ("yunxi-inspection", None, Kind.LABOUR_INSPECTION, "云溪区劳动保障监察大队", "云溪监", _YUNXI),
        ("yunxi-labour-mediation", "yunxi-inspection", Kind.ADMINISTRATIVE_MEDIATION, "云溪区劳动保障行政调解室", "云溪行", _YUNXI, True),
        ("linjiang-inspection", None, Kind.LABOUR_INSPECTION, "临江区劳动保障监察大队", "临江监", _LINJIANG),
        ("yunxi-legal-aid", None, Kind.LEGAL_AID_AGENCY, "云溪区法律援助中心", "云溪援", _YUNXI),
    )
)  # fmt: skip

_BOTH: Final = ("clerk", "mediator")  # in a small body one person keeps the register and mediates

PEOPLE: Final = (
    # Yunxi's centre: the full team.
    DemoPerson("clerk-lin", "林知禾", (("yunxi-centre", ("clerk",)),)),
    DemoPerson("mediator-zhou", "周牧云", (("yunxi-centre", ("mediator",)),)),
    DemoPerson("mediator-chen", "陈砚秋", (("yunxi-centre", ("mediator",)),)),
    DemoPerson("volunteer-he", "何苇舟", (("yunxi-centre", ("volunteer",)),)),
    DemoPerson("volunteer-jiang", "姜望舒", (("yunxi-centre", ("volunteer",)),)),
    # The other bodies that mediate.
    DemoPerson("clerk-mu", "穆清和", (("yunxi-governance", ("clerk",)),)),
    DemoPerson("mediator-du", "杜若谷", (("yunxi-governance", ("mediator",)),)),
    DemoPerson("mediator-gu", "顾长松", (("yunxi-builders", _BOTH),)),
    DemoPerson("clerk-song", "宋采薇", (("qiaotou-street", ("clerk",)), ("qiaotou-studio", ("clerk",)))),
    DemoPerson("mediator-pan", "潘石泉", (("qiaotou-street", ("mediator",)),)),
    DemoPerson("mediator-qiu", "邱晚照", (("qiaotou-studio", _BOTH),)),
    DemoPerson("mediator-ke", "柯守一", (("qingshi-committee", _BOTH),)),
    DemoPerson("clerk-fang", "方既明", (("linjiang-centre", ("clerk",)),)),
    DemoPerson("mediator-wu", "吴听澜", (("linjiang-centre", ("mediator",)),)),
    DemoPerson("volunteer-su", "苏木棉", (("linjiang-centre", ("volunteer",)),)),
    DemoPerson("mediator-bai", "白露生", (("linjiang-people", _BOTH),)),
    DemoPerson("mediator-lan", "蓝采樵", (("shatan-station", _BOTH),)),
    DemoPerson("mediator-yuan", "袁半山", (("yunxi-arbitration-room", _BOTH),)),
    DemoPerson("mediator-shi", "石敬亭", (("yunxi-labour-mediation", _BOTH),)),
    # Unions.
    DemoPerson("officer-xu", "徐闻笛", (("yunxi-union", ("union_officer",)),)),
    DemoPerson("officer-jin", "金满仓", (("linjiang-union", ("union_officer",)),)),
    DemoPerson("officer-yu", "俞小满", (("qiaotou-union", ("union_officer",)),)),
    DemoPerson("officer-ning", "宁致远", (("qingshi-union", ("union_officer",)),)),
    DemoPerson("officer-cen", "岑溪午", (("city-union", ("union_officer",)),)),
    # Those who watch over the work.
    DemoPerson("supervisor-tang", "唐景行", (("yunxi-union", ("supervisor",)),)),
    DemoPerson("supervisor-meng", "孟秋实", (("linjiang-union", ("supervisor",)),)),
    DemoPerson("supervisor-yan", "严守成", (("city-union", ("supervisor",)),)),
    DemoPerson("supervisor-cao", "曹望岳", (("yunxi-commission", ("supervisor",)),)),
    DemoPerson("supervisor-lei", "雷定川", (("yunxi-inspection", ("supervisor",)),)),
    DemoPerson("admin-qian", "钱理之", (("province-union", ("admin",)),)),
    DemoPerson("security-qi", "戚慎之", (("province-union", ("security_officer",)),)),
    DemoPerson("auditor-feng", "冯鉴之", (("city-union", ("auditor",)),)),
    # Courts, commissions, inspection.
    DemoPerson("court-gao", "高听松", (("yunxi-court", ("court_liaison",)),)),
    DemoPerson("court-ding", "丁若水", (("linjiang-court", ("court_liaison",)),)),
    DemoPerson("court-hou", "侯明夷", (("city-court", ("court_liaison",)),)),
    DemoPerson("arbitration-shen", "沈同尘", (("yunxi-commission", ("arbitration_liaison",)),)),
    DemoPerson("arbitration-kong", "孔令仪", (("linjiang-commission", ("arbitration_liaison",)),)),
    DemoPerson("inspection-luo", "罗劲节", (("yunxi-inspection", ("inspection_liaison",)),)),
    DemoPerson("inspection-bi", "毕方正", (("linjiang-inspection", ("inspection_liaison",)),)),
    # Parties: they see their own cases and nothing else.
    DemoPerson("worker-zhang", "张来福", (), "worker"),
    DemoPerson("worker-tian", "田穗儿", (), "worker"),
    DemoPerson("employer-wang", "王恒昌", (), "employer"),
)

_ORGANIZATIONS: Final[Mapping[str, DemoOrganization]] = MappingProxyType({row.code: row for row in ORGANIZATIONS})
_PEOPLE: Final[Mapping[str, DemoPerson]] = MappingProxyType({row.subject: row for row in PEOPLE})


def organization(code: str) -> DemoOrganization:
    """Return the organization of this code; raises KeyError."""
    return _ORGANIZATIONS[code]


def person(subject: str) -> DemoPerson:
    """Return the person whom tokens call so; raises KeyError."""
    return _PEOPLE[subject]
