"""The procedure as a reader sees it: a Mermaid state diagram per track, and the page that shows the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mediation.domain.ambiguities import AMBIGUITIES
from mediation.domain.calendar import Unit
from mediation.domain.guards import GUARDS, Ground
from mediation.domain.labels import Label
from mediation.domain.law import FROM_MEMORY, HEADING_CHECKED, SOURCES, Citation, cite, describe
from mediation.domain.procedure import MAIN, PROCEDURE, Procedure
from mediation.domain.procedure.states import STAGES
from mediation.domain.procedure.step import ANY_OPEN, PREVIOUS, SAME, Field, Kind, Pause, Stage, State, Step
from mediation.domain.terms import TERM_SETS, TERMS, Term

ROLES: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "W": Label("劳动者一方", "worker side"),
        "E": Label("用人单位一方", "employer side"),
        "P": Label("任一方当事人", "either side"),
        "B": Label("双方共同", "both sides together"),
        "M": Label("本案调解员", "mediator of the case"),
        "C": Label("登记员", "clerk"),
        "V": Label("本案工会志愿者", "union volunteer of the case"),
        "U": Label("工会干部", "union officer"),
        "H": Label("主管", "supervisor"),
        "J": Label("法院联络员", "court liaison"),
        "A": Label("仲裁联络员", "arbitration liaison"),
        "I": Label("劳动监察联络员", "labour-inspection liaison"),
        "S": Label("系统时钟", "the clock"),
    }
)
_GROUNDS: Final[Mapping[Ground, Label]] = MappingProxyType(
    {
        Ground.COMPUTED: Label("按案件计算", "computed"),
        Ground.INPUT: Label("按录入判断", "from the input"),
        Ground.ATTESTED: Label("录入人具结", "attested"),
        Ground.WARNING: Label("仅提示", "warning"),
    }
)
_UNITS: Final[Mapping[Unit, Label]] = MappingProxyType(
    {
        Unit.CALENDAR_DAY: Label("日", "calendar days"),
        Unit.WORKING_DAY: Label("个工作日", "working days"),
        Unit.MONTH: Label("个月", "months"),
        Unit.YEAR: Label("年", "years"),
        Unit.HOUR: Label("小时", "hours"),
        Unit.AGREED: Label("约定或文书确定", "agreed or fixed by a document"),
    }
)
_COLOURS: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        Stage.INTAKE: "#eef3fb",
        Stage.NEGOTIATION: "#e6f4ea",
        Stage.ENTERPRISE_MEDIATION: "#fff4d6",
        Stage.PRETRIAL_MEDIATION: "#fde8d8",
        Stage.ARBITRATION_REFERRAL: "#f3e5f5",
        Stage.SETTLEMENT: "#e0f2f1",
        Stage.CLOSED: "#eceff1",
    }
)
_UNVERIFIED: Final = Label("原文未核实", "text not verified")
_HEAD: Final = """# 调解程序 / Procedure

Version `{version}`. Generated from the table by `mediation procedure docs`; changes belong in \
`src/mediation/domain/procedure/`.

由程序表自动生成，请勿直接修改。"""
_HOW_TO_READ: Final = """## 读法 / How to read it

- `=same`: the state stays / 状态不变; `=previous`: back to the state before / 回到前一状态; \
`*open`: every open state of the main track / 主流程任一未结状态.
- Input: `!` required / 必填, `?` optional / 选填; every step also takes the day of the act, a note, evidence and the \
party it is recorded for / 每一步另可录入发生日期、备注、证据和所代表的当事人.
- Clocks: `+` starts, `-` stops, `~` moves the end, `fires` names the term whose lapse the clock acts on, `@` the day it \
counts from, `[…]` only if / `+` 起算, `-` 停止, `~` 变更到期日, `fires` 届满触发, `@` 起算日, `[…]` 仅当.
- Limitation: `I+` interrupted by the claimant's assertion, `I=` by the debtor's promise or part performance, `I!` by the \
end of a procedure, `W` a warning is shown / 时效: `I+` 因主张权利中断, `I=` 因同意履行或部分履行中断, `I!` 因程序终结中断, \
`W` 提示.
- ⚠ 原文未核实 / text not verified. Codes of sources: last section / 法律依据代码见最后一节.

A party's own act (`W`, `E`, `P`, `B`) may also be recorded by a clerk, the mediator or the volunteer of the case / \
当事人的行为也可以由登记员、本案调解员或志愿者代为登记.

"""


def mermaid(procedure: Procedure = PROCEDURE) -> str:
    """Every track as a Mermaid `stateDiagram-v2`, main track first, each under a comment with its name."""
    return "\n".join(draw_track(code, procedure) for code in procedure.tracks)


def draw_track(track: str, procedure: Procedure = PROCEDURE) -> str:
    """One track, its states by stage; steps open in every state, and those that stay, are listed in notes."""
    kind = procedure.tracks[track]
    states = [state for (owner, _), state in procedure.states.items() if owner == track]
    lines = [f"%% {track}: {_line(kind.label)}", "stateDiagram-v2"]
    lines += _draw_states(states)
    lines.append(f"    [*] --> {kind.first_state}")
    lines += _arrows(track, procedure)
    lines += _notes(track, procedure)
    lines += [f"    {state.code} --> [*]" for state in states if track == MAIN and state.code == "archived"]
    return "\n".join(lines) + "\n"


def _draw_states(states: list[State]) -> Iterator[str]:
    stages = list(dict.fromkeys(state.stage for state in states))
    for stage in stages:
        mine = [state for state in states if state.stage is stage]
        if stage is not None:
            yield f"    %% {_line(STAGES[stage])}"
        yield from (f'    state "{_line(state.label)}" as {state.code}' for state in mine)
        if stage is not None:
            yield f"    classDef {stage} fill:{_COLOURS[stage]}"
            yield f"    class {','.join(state.code for state in mine)} {stage}"


def _arrows(track: str, procedure: Procedure) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for step in _of(track, procedure):
        if ANY_OPEN not in step.sources and step.target not in {SAME, PREVIOUS}:
            for source in _ordered(step, procedure):
                found.setdefault((source, step.target), []).append(f"{step.id} {step.action}")
    for (source, target), steps in found.items():
        yield f"    {source} --> {target}: {', '.join(steps)}"


def _notes(track: str, procedure: Procedure) -> Iterator[str]:
    """Steps that leave the state as it is, by state; those of every open state stand at the first one."""
    anywhere = [step for step in _of(track, procedure) if ANY_OPEN in step.sources]
    staying: dict[str, list[Step]] = {}
    for step in _of(track, procedure):
        if ANY_OPEN not in step.sources and step.target in {SAME, PREVIOUS}:
            for source in _ordered(step, procedure):
                staying.setdefault(source, []).append(step)
    if anywhere:
        yield from _note(procedure.tracks[track].first_state, "in every open state", anywhere)
    for state, steps in staying.items():
        yield from _note(state, "stays", steps)


def _note(state: str, head: str, steps: Iterable[Step]) -> Iterator[str]:
    yield f"    note right of {state}"
    yield f"        {head}"
    for step in steps:
        back = " (to the state before)" if step.target == PREVIOUS else ""
        yield f"        {step.id} {step.action}{back}"
    yield "    end note"


def _of(track: str, procedure: Procedure) -> Iterator[Step]:
    return (step for step in procedure.steps.values() if step.track == track)


def _ordered(step: Step, procedure: Procedure) -> list[str]:
    """The states a row leaves, in the order of the table of states."""
    sources = procedure.sources(step)
    return [code for (owner, code) in procedure.states if owner == step.track and code in sources]


def page(procedure: Procedure = PROCEDURE) -> str:
    """The page `docs/procedure.md`: stages, tracks, states, steps, guards, terms and open questions, in both languages."""
    parts = [
        _HEAD.format(version=procedure.version),
        _how_to_read(),
        _stages(procedure),
        _tracks(procedure),
        *(_track(code, procedure) for code in procedure.tracks),
        _guards(procedure),
        _terms(procedure),
        _questions(),
        _sources(),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _how_to_read() -> str:
    rows = ([f"`{letter}`", label.zh, label.en] for letter, label in ROLES.items())
    return _HOW_TO_READ + _table(("", "角色", "role"), rows)


def _stages(procedure: Procedure) -> str:
    rows = (
        [
            f"`{stage}`",
            label.zh,
            label.en,
            ", ".join(f"`{state.code}`" for state in procedure.states.values() if state.stage is stage),
        ]
        for stage, label in STAGES.items()
    )
    return "## 阶段 / Stages\n\n" + _table(("stage", "阶段", "name", "states"), rows)


def _tracks(procedure: Procedure) -> str:
    rows = (
        [f"`{track.code}`", track.label.zh, track.label.en, track.one_per, f"`{track.first_state}`", track.purpose]
        for track in procedure.tracks.values()
    )
    return "## 流程 / Tracks\n\n" + _table(("track", "流程", "name", "one per", "first state", "purpose"), rows)


def _track(code: str, procedure: Procedure) -> str:
    track = procedure.tracks[code]
    parts = [
        f"## {_line(track.label)} (`{code}`)",
        f"```mermaid\n{draw_track(code, procedure)}```",
        "### 状态 / States" if code == MAIN else "",
        _states([state for (owner, _), state in procedure.states.items() if owner == code]),
        "### 步骤 / Steps" if code == MAIN else "",
        _table(_STEP_COLUMNS, (_step(step, procedure) for step in _of(code, procedure))),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part)


def _states(states: list[State]) -> str:
    if not any(state.stage for state in states):
        return _table(
            ("state", "状态", "name"), ([f"`{state.code}`", state.label.zh, state.label.en] for state in states)
        )
    rows = (
        [
            f"`{state.code}`",
            state.label.zh,
            state.label.en,
            f"`{state.stage}`",
            "未结 / open" if state.is_open else "已结 / closed",
            state.meaning,
        ]
        for state in states
    )
    return _table(("state", "状态", "name", "stage", "open", "meaning"), rows)


_STEP_COLUMNS: Final = (
    "id", "step", "from", "to", "act of", "roles", "guards", "input", "clocks", "documents", "limitation", "basis",
)  # fmt: skip


def _step(step: Step, procedure: Procedure) -> list[str]:
    sources = [ANY_OPEN] if ANY_OPEN in step.sources else _ordered(step, procedure)
    limitation = "; ".join(filter(None, (step.limitation, step.limitation_note)))
    clocks = "; ".join(_clocks(step))
    return [
        step.id,
        f"`{step.action}`<br>{step.label.zh}<br>{step.label.en}",
        "<br>".join(f"`{source}`" for source in sources),
        f"`{step.target}`",
        str(step.act_of),
        " ".join(step.roles),
        "<br>".join(f"`{guard}`" for guard in step.guards),
        "<br>".join(_input(field) for field in step.inputs),
        clocks + (f"<br>{step.notes}" if clocks and step.notes else step.notes),
        step.documents,
        limitation,
        _basis(step.citations),
    ]


def _input(field: Field) -> str:
    kind = str(field.kind)
    if field.kind is Kind.ENUM:
        kind = "/".join(field.values)
    elif field.kind is Kind.TEXT:
        kind = f"text({field.text_class})"
    elif field.of:
        kind = f"{kind}({field.of})"
    kind = f"list({kind})" if field.many else kind
    return f"{field.name}: {kind}{'!' if field.required else '?'}"


def _clocks(step: Step) -> Iterator[str]:
    yield from (f"fires {term}" for term in sorted(step.fires_on))
    for stop in step.stops:
        only = f" of {stop.only}" if stop.only else ""
        yield f"-{_set(stop.terms)}{only}{_when(stop.when)}"
    yield from (f"~{move.term} @{move.to}" for move in step.moves)
    for start in step.starts:
        per = f" per {start.per}" if start.per != "case" else ""
        yield f"+{start.term}{per} @{start.at}{_when(start.when)}"
    yield from (f"pause {_paused(entry)}" for entry in step.pauses)
    yield from (f"resume {_paused(entry)}" for entry in step.resumes)


def _paused(entry: Pause) -> str:
    return f"{_set(entry.terms)}{_when(entry.when)}"


def _set(terms: frozenset[str]) -> str:
    return next((name for name, members in TERM_SETS.items() if members == terms), ", ".join(sorted(terms)))


def _when(condition: str | None) -> str:
    return f" [{condition}]" if condition else ""


def _guards(procedure: Procedure) -> str:
    used = {code for step in procedure.steps.values() for code in step.guards}
    rows = (
        [
            f"`{code}`",
            GUARDS[code].label.zh,
            GUARDS[code].label.en,
            _line(_GROUNDS[GUARDS[code].ground]),
            _basis(cite(GUARDS[code].basis)),
        ]
        for code in sorted(used)
    )
    return "## 办理条件 / Guards\n\n" + _table(("guard", "条件", "condition", "known by", "basis"), rows)


def _terms(procedure: Procedure) -> str:
    rows = (_term(term, procedure) for term in TERMS.values())
    sets = (f"`{name}` = {', '.join(sorted(codes))}" for name, codes in TERM_SETS.items() if name != "ALL")
    heads = ("term", "期间", "name", "length", "starts on", "extension", "on lapse", "fires", "basis", "questions")
    return "\n\n".join(
        (
            "## 期间 / Terms",
            _table(heads, rows),
            "Sets / 集合: " + "; ".join(sets) + "; `ALL` = every term but limitation and D_ENFORCE_2Y.",
        )
    )


def _term(term: Term, procedure: Procedure) -> list[str]:
    unit = _UNITS[term.unit]
    length = _line(unit) if term.length is None else f"{term.length}{unit.zh} / {term.length} {unit.en}"
    marks = [
        "倒算 / backwards" if term.backward else "",
        "遇休息日顺延 / rolls" if term.roll else "",
        "按当事人分别计算 / per party" if term.per_party else "",
        "" if term.verified else f"⚠ {_line(_UNVERIFIED)}",
    ]
    return [
        f"`{term.code}`",
        term.label.zh,
        term.label.en,
        "<br>".join(filter(None, (length, *marks))),
        _lines(term.starts_on),
        _lines(term.extension),
        _lines(term.on_lapse),
        ", ".join(f"{step.id} `{step.action}`" for step in procedure.timers.get(term.code, ())) or "–",
        _basis(cite(term.basis)),
        ", ".join(term.ambiguities),
    ]


def _questions() -> str:
    rows = (
        [row.id, _lines(row.question), f"`{row.rule}`<br>{_lines(row.rule_label)}",
         f"`{row.alternative}`<br>{_lines(row.alternative_label)}",
         "有规定可循 / settled by a text" if row.settled else "尚无定论 / open"]
        for row in AMBIGUITIES.values()
    )  # fmt: skip
    heads = ("id", "问题 question", "所采规则 rule in force", "另一理解 reading not followed", "")
    return "## 法律适用分歧 / Questions the law leaves open\n\n" + _table(heads, rows)


def _sources() -> str:
    rows = (
        [code, source.label.zh, source.label.en, source.version, "" if source.verified else "⚠"]
        for code, source in SOURCES.items()
    )
    return "## 法律依据 / Sources\n\n" + _table(("code", "名称", "name", "version", ""), rows)


def _basis(citations: Iterable[Citation]) -> str:
    return "<br>".join(_citation(citation) for citation in citations)


def _citation(citation: Citation) -> str:
    told = describe(citation)
    notes = [] if citation.note is None else citation.note.split("; ")
    said = [note for note in notes if note not in {FROM_MEMORY, HEADING_CHECKED}]
    if HEADING_CHECKED in notes:
        said.append("仅核对条标 / heading checked")
    code = f" ({citation.source} {citation.articles})" if citation.articles and citation.source != "AMB" else ""
    return told.zh + code + (f" ({'; '.join(said)})" if said else "") + ("" if citation.verified else " ⚠")


def _line(label: Label) -> str:
    return f"{label.zh} / {label.en}"


def _lines(label: Label | None) -> str:
    return "" if label is None else f"{label.zh}<br>{label.en}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = tuple(heads)
    lines = [columns, tuple("---" for _ in columns)]
    lines += [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
