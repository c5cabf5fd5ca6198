"""The procedure as a reader sees it: a Mermaid state diagram per track, and the table of its steps."""

from __future__ import annotations

from collections.abc import Iterator

from mediation.domain.law import describe
from mediation.domain.procedure import MAIN, PROCEDURE, Procedure
from mediation.domain.procedure.step import ANY_OPEN, SAME, Step


def mermaid(procedure: Procedure = PROCEDURE) -> str:
    """Every track as a Mermaid `stateDiagram-v2`, main track first, each under a comment with its name."""
    return "\n".join(draw_track(code, procedure) for code in procedure.tracks)


def draw_track(track: str, procedure: Procedure = PROCEDURE) -> str:
    """One track; steps open in every state are listed in a note instead of drawn from each."""
    kind = procedure.tracks[track]
    states = [state for (owner, _), state in procedure.states.items() if owner == track]
    anywhere = [step.action for step in procedure.steps.values() if step.track == track and ANY_OPEN in step.sources]
    lines = [f"%% {track}: {kind.label.zh} / {kind.label.en}", "stateDiagram-v2"]
    lines += [f'    state "{state.label.zh} {state.code}" as {state.code}' for state in states]
    lines.append(f"    [*] --> {kind.first_state}")
    lines += _arrows(track, procedure)
    if anywhere:
        lines.append(f"    note right of {kind.first_state}")
        lines += [f"        *open: {action}" for action in anywhere]
        lines.append("    end note")
    lines += [f"    {state.code} --> [*]" for state in states if track == MAIN and not state.is_open]
    return "\n".join(lines) + "\n"


def _arrows(track: str, procedure: Procedure) -> Iterator[str]:
    for step in procedure.steps.values():
        if step.track != track or ANY_OPEN in step.sources:
            continue
        for source in sorted(step.sources):
            target = source if step.target == SAME else procedure.target(step, source)
            yield f"    {source} --> {target}: {step.id} {step.action}"


def page(procedure: Procedure = PROCEDURE) -> str:
    """The page `docs/procedure.md`: of each track the diagram and the table."""
    parts = [f"# 调解程序 / Procedure\n\nVersion `{procedure.version}`, generated from the table: `make docs`.\n"]
    for code, track in procedure.tracks.items():
        parts.append(f"## {track.label.zh} / {track.label.en} (`{code}`)\n\n{track.purpose}\n")
        parts.append(f"```mermaid\n{draw_track(code, procedure)}```\n")
        parts.append(_HEAD + "".join(_row(step) for step in procedure.steps.values() if step.track == code))
    return "\n".join(parts)


_HEAD = (
    "| id | step | 名称 | from | to | act of | recorded by | guards | basis |\n|---|---|---|---|---|---|---|---|---|\n"
)


def _row(step: Step) -> str:
    basis = "; ".join(describe(citation).zh + ("" if citation.verified else "(未核实)") for citation in step.citations)
    columns = (
        step.id,
        f"`{step.action}`",
        step.label.zh,
        ", ".join(sorted(step.sources)),
        step.target,
        str(step.act_of),
        ", ".join(sorted(step.recorded_by)),
        ", ".join(step.guards),
        basis,
    )
    return "| " + " | ".join(column.replace("|", "\\|") for column in columns) + " |\n"
