"""The sources the service cites, and the citations a step, term or document rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label

FROM_MEMORY: Final = "from memory"
HEADING_CHECKED: Final = "heading checked"


@dataclass(frozen=True, slots=True)
class Source:
    """A statute, interpretation, regulation or practice, in the version relied on.

    `in_force` is the day the text relied on took effect, where known. `verified` says that the text was read;
    of a source read in part, `checked_articles` are the ones read. `is_text` is
    false for practice, product rules and local rules, which have no title and no articles to show.
    """

    code: str
    label: Label
    version: str
    in_force: date | None
    verified: bool
    checked_articles: frozenset[int] = frozenset()
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Citation:
    """Articles of one source; `articles` is empty where the source is cited as a whole."""

    source: str
    articles: str
    verified: bool
    note: str | None = None


def _read(code: str, zh: str, en: str, version: str, in_force: date | None) -> Source:
    return Source(code, Label(zh, en), version, in_force, verified=True)


def _unread(code: str, zh: str, en: str, version: str, in_force: date | None, *checked: int) -> Source:
    return Source(code, Label(zh, en), version, in_force, verified=False, checked_articles=frozenset(checked))


def _no_text(code: str, zh: str, en: str, *, verified: bool) -> Source:
    return Source(code, Label(zh, en), "", None, verified=verified, is_text=False)


_ROWS: Final = (
    _read(
        "LDMAL",
        "劳动争议调解仲裁法",
        "Labour Dispute Mediation and Arbitration Law",
        "2007",
        date(2008, 5, 1),
    ),
    _unread(
        "R17",
        "企业劳动争议协商调解规定",
        "Provisions on Enterprise Labour Dispute Negotiation and Mediation",
        "人力资源和社会保障部令第17号",
        date(2012, 1, 1),
        10,
        13,
        22,
        29,
    ),
    _unread(
        "R33",
        "劳动人事争议仲裁办案规则",
        "Case-handling Rules for Labour and Personnel Dispute Arbitration",
        "人力资源和社会保障部令第33号",
        date(2017, 7, 1),
        75,
        80,
    ),
    _read(
        "ZJ",
        "浙江省劳动人事争议调解仲裁条例",
        "Zhejiang Regulation on Labour and Personnel Dispute Mediation and Arbitration",
        "2020-09-24修正",
        date(2020, 9, 24),
    ),
    _read(
        "ZJ-SUP",
        "浙江省工会劳动法律监督条例",
        "Zhejiang Regulation on Union Labour Law Supervision",
        "2016",
        None,
    ),
    _read("PML", "人民调解法", "People's Mediation Law", "2010", date(2011, 1, 1)),
    _read(
        "SPC-TY",
        "最高人民法院关于人民法院特邀调解的规定",
        "Provisions of the Supreme People's Court on Invited Mediation",
        "法释〔2016〕14号",
        date(2016, 7, 1),
    ),
    _read(
        "SPC-OL",
        "人民法院在线调解规则",
        "Online Mediation Rules of the People's Courts",
        "法释〔2021〕23号",
        date(2022, 1, 1),
    ),
    _read(
        "SPC-JC",
        "最高人民法院关于人民调解协议司法确认程序的若干规定",
        "Provisions of the Supreme People's Court on Judicial Confirmation of People's Mediation Agreements",
        "法释〔2011〕5号",
        date(2011, 3, 30),
    ),
    _read("CPL", "民事诉讼法", "Civil Procedure Law", "2023修正", date(2024, 1, 1)),
    _read(
        "CPLI",
        "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
        "Interpretation of the Supreme People's Court on the Civil Procedure Law",
        "2022修正",
        date(2022, 4, 10),
    ),
    _read(
        "LI1",
        "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）",
        "Interpretation (I) of the Supreme People's Court on Labour Disputes",
        "法释〔2020〕26号",
        date(2021, 1, 1),
    ),
    _unread(
        "LI2",
        "最高人民法院关于审理劳动争议案件适用法律问题的解释（二）",
        "Interpretation (II) of the Supreme People's Court on Labour Disputes",
        "法释〔2025〕12号",
        date(2025, 9, 1),
        1,
        11,
        21,
    ),
    _read("CC", "民法典", "Civil Code", "2020", date(2021, 1, 1)),
    _read(
        "SLI",
        "最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定",
        "Provisions of the Supreme People's Court on Limitation",
        "2020修正",
        date(2021, 1, 1),
    ),
    _read("LCL", "劳动合同法", "Labour Contract Law", "2012修正", date(2013, 7, 1)),
    _read(
        "LCR",
        "劳动合同法实施条例",
        "Implementing Regulations of the Labour Contract Law",
        "2008",
        date(2008, 9, 18),
    ),
    _read("LL", "劳动法", "Labour Law", "2018修正", date(2018, 12, 29)),
    _read("ALR", "职工带薪年休假条例", "Paid Annual Leave Regulations", "2007", date(2008, 1, 1)),
    _read(
        "ALM",
        "企业职工带薪年休假实施办法",
        "Measures for Paid Annual Leave of Enterprise Employees",
        "2008",
        date(2008, 9, 18),
    ),
    _read(
        "MW",
        "保障农民工工资支付条例",
        "Regulation on Wage Payment to Migrant Workers",
        "2019",
        date(2020, 5, 1),
    ),
    _read("TUL", "工会法", "Trade Union Law", "2021-12-24修正", date(2022, 1, 1)),
    _read("LAL", "法律援助法", "Legal Aid Law", "2021", date(2022, 1, 1)),
    _read("PIPL", "个人信息保护法", "Personal Information Protection Law", "2021", date(2021, 11, 1)),
    _unread(
        "PILOT",
        "关于在部分地区开展劳动争议多元化解试点工作的意见",
        "Pilot Opinion of the Supreme People's Court and the ACFTU on Diversified Labour Dispute Resolution",
        "法〔2020〕55号",
        None,
    ),
    _unread(
        "ACFTU-LD",
        "工会参与劳动争议处理办法",
        "Measures on Unions' Participation in Labour Dispute Handling",
        "总工发〔2023〕23号",
        date(2023, 12, 28),
    ),
    _unread(
        "ACFTU-LA",
        "工会法律援助办法",
        "Trade Union Legal Aid Measures",
        "总工发〔2008〕52号",
        None,
    ),
    _unread(
        "Labour Inspection Regulation",
        "劳动保障监察条例",
        "Labour Inspection Regulation",
        "2004",
        date(2004, 12, 1),
    ),
    _unread(
        "Enterprise Bankruptcy Law",
        "企业破产法",
        "Enterprise Bankruptcy Law",
        "2006",
        date(2007, 6, 1),
    ),
    _unread("Criminal Law", "刑法", "Criminal Law", "2023修正", date(2024, 3, 1)),
    _unread("Electronic Signature Law", "电子签名法", "Electronic Signature Law", "2019修正", date(2019, 4, 23)),
    _unread(
        "法〔2025〕226号",
        "最高人民法院关于修改《民事案件案由规定》的决定",
        "Decision of the Supreme People's Court on Revising the Provisions on Causes of Civil Action",
        "法〔2025〕226号",
        date(2026, 1, 1),
    ),
    _unread(
        "法〔2025〕227号",
        "最高人民法院关于印发修改后的《民事案件案由规定》的通知",
        "Notice of the Supreme People's Court on the Revised Provisions on Causes of Civil Action",
        "法〔2025〕227号",
        date(2026, 1, 1),
    ),
    _read(
        "法〔2015〕137号",
        "关于人民法院案件案号的若干规定",
        "Provisions on Case Numbers of the People's Courts",
        "法〔2015〕137号",
        date(2016, 1, 1),
    ),
    _no_text("local rules", "地方规定", "local rules", verified=False),
    _no_text("Zhejiang wage-payment rules", "浙江省工资支付有关规定", "Zhejiang wage-payment rules", verified=False),
    _no_text(
        "Yiwu practice",
        "义乌工会社会化维权实践",
        "Yiwu practice of socialized rights protection",
        verified=False,
    ),
    _no_text("一函两书 practice", "“一函两书”工作实践", "practice of one letter and two documents", verified=False),
    _no_text("practice", "工作实践", "practice", verified=False),
    _no_text("product rule", "本系统规则", "rule of this service", verified=True),
    _no_text("record only", "仅作记录", "record only", verified=True),
    _no_text("table", "法院受理路径表", "table of court routes", verified=True),
    _no_text("AMB", "法律适用分歧", "question the law leaves open", verified=True),
)

SOURCES: Final[Mapping[str, Source]] = MappingProxyType({row.code: row for row in _ROWS})

_LONGEST_FIRST: Final = tuple(sorted(SOURCES, key=len, reverse=True))
_SEPARATOR: Final = re.compile(r";(?![^()]*\))")
_ARTICLE_TEXT: Final = r"\d+(?:\.\d+)?(?:-\d+)?(?:\(\d+\))?"
_TOKEN: Final = re.compile(
    rf"\s*,?\s*(?:(?P<article>{_ARTICLE_TEXT}(?:[–-]{_ARTICLE_TEXT})?)|\((?P<note>[^()]+)\)|(?P<analogy>by analogy))"
)
_NUMERALS: Final = "零一二三四五六七八九"


@lru_cache(maxsize=1024)
def cite(text: str) -> tuple[Citation, ...]:
    """Read a basis string such as `LDMAL 12; R33 70 (from memory)`; ValueError names what cannot be read.

    A mark in brackets covers the articles before it, back to the previous mark: `R33 34 (heading checked), 35`
    gives two citations.
    """
    return tuple(citation for part in _SEPARATOR.split(text) for citation in _cite_part(part.strip(), text))


def describe(citation: Citation) -> Label:
    """Name the source and its articles in both languages, as a reader would write them."""
    source = SOURCES[citation.source]
    if citation.source == "AMB":
        return Label(f"{source.label.zh}AMB-{citation.articles}", f"AMB-{citation.articles}")
    if not source.is_text:
        return source.label
    if not citation.articles:
        return Label(f"《{source.label.zh}》", source.label.en)
    articles = citation.articles.split(", ")
    word = "art." if len(articles) == 1 and "–" not in citation.articles else "arts"
    return Label(
        f"《{source.label.zh}》" + "、".join(_article_zh(article) for article in articles),
        f"{source.label.en}, {word} {citation.articles}",
    )


def _cite_part(part: str, whole: str) -> Iterator[Citation]:
    code = _source_of(part)
    rest = part[len(code) :]
    if code == "AMB":
        rest = rest.removeprefix("-")
    if rest.startswith(":"):
        yield Citation(code, "", SOURCES[code].verified, rest[1:].strip())
        return
    articles: list[str] = []
    notes: list[str] = []
    at = 0
    while at < len(rest):
        found = _TOKEN.match(rest, at)
        if found is None:
            message = f"cannot read {rest[at:].strip()!r} in the basis {whole!r}"
            raise ValueError(message)
        at = found.end()
        if found["article"]:
            if notes:
                yield _citation(code, articles, notes)
                articles, notes = [], []
            articles.append(found["article"])
        else:
            notes.append(found["note"] or found["analogy"])
    yield _citation(code, articles, notes)


def _source_of(part: str) -> str:
    for code in _LONGEST_FIRST:
        if part.startswith(code) and (len(part) == len(code) or part[len(code)] in " -:"):
            return code
    message = f"unknown source in the basis part {part!r}"
    raise ValueError(message)


def _citation(code: str, articles: list[str], notes: list[str]) -> Citation:
    source = SOURCES[code]
    marked = FROM_MEMORY in notes or HEADING_CHECKED in notes
    read = source.verified or (bool(articles) and all(_was_read(article, source) for article in articles))
    if not read and not marked and source.is_text:
        notes = [*notes, FROM_MEMORY]
    return Citation(code, ", ".join(articles), read and not marked, "; ".join(notes) or None)


def _was_read(article: str, source: Source) -> bool:
    first, *last = (int(re.split(r"[(.-]", end)[0]) for end in article.split("–"))
    return set(range(first, (last[0] if last else first) + 1)) <= source.checked_articles


def _article_zh(article: str) -> str:
    return "至".join(_one_article_zh(end) for end in article.split("–"))


def _one_article_zh(article: str) -> str:
    number, bracket, paragraph = article.partition("(")
    number, dash, inserted = number.partition("-")
    return f"第{number}条" + (f"之{_NUMERALS[int(inserted)]}" if dash else "") + bracket + paragraph
