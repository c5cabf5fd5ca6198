"""The local figures in force: those that ship with the service and those loaded since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.local_figures import (
    Figure,
    FigureKind,
    Figures,
    figure_row,
    read_file,
    shipped_figures,
)
from mediation.services.calendar_keepers import refuse_below_the_top
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import KEEPERS, administer
from mediation.services.identity import acting
from mediation.services.views import CasePage
from mediation.storage import Unit
from mediation.storage import local_figures as rows
from mediation.storage import people as people_rows


class _Holder:
    """The figures of this process; replaced as a whole when some are loaded."""

    figures: Figures = shipped_figures()


def current_figures() -> Figures:
    """The figures that calculations take."""
    return _Holder.figures


def refresh(unit: Unit) -> Figures:
    """Read the loaded figures again, as another process may have loaded some."""
    _Holder.figures = shipped_figures().with_rows(orjson.loads(data) for data in rows.figures(unit))
    return _Holder.figures


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Which figures: of a kind, for a place with those around it, taken for a day; and where the last page ended."""

    kind: str | None = None
    place: str | None = None
    day: date | None = None
    cursor: str | None = None
    limit: int = 50


def list_figures(unit: Unit, caller: Caller, query: FigureQuery) -> CasePage:
    """Figures in force by kind, place and first day, in pages."""
    acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    bound = f"local_figures|{query.kind}|{query.place}|{query.day}"
    after = open_cursor(unit, query.cursor, bound) or ""
    kind = FigureKind(query.kind) if query.kind else None
    found = current_figures().select(kind=kind, place=query.place, on=query.day)
    left = [figure for figure in found if _position(figure) > after]
    page = left[: query.limit]
    more = seal_cursor(unit, _position(page[-1]), bound) if len(left) > query.limit else None
    return CasePage([figure_row(figure) for figure in page], more)


def _position(figure: Figure) -> str:
    return f"{figure.kind}\t{figure.place}\t{figure.since}"


def load_figures(unit: Unit, caller: Caller, content: Mapping[str, Any], render: Render) -> Answer:
    """Load figures for the federation at the top, each in place of an earlier one of kind, place and first day.

    FigureError says what is wrong.
    """

    def change(actor: Actor) -> Answer:
        refuse_below_the_top(unit, actor)
        kept = keep_figures(unit, content, caller.now, actor.person_id)
        return Answer(201, render({"items": [figure_row(figure) for figure in kept]}))

    return administer(unit, caller, change, roles=KEEPERS)


def keep_figures(unit: Unit, content: object, now: datetime, loaded_by: str) -> tuple[Figure, ...]:
    """Keep the figures of a file and calculate with them from then on; FigureError says what is wrong with it."""
    figures = read_file(content)
    with unit.transaction():
        rows.keep(unit, [_row(figure, now, loaded_by) for figure in figures])
    unit.after_commit.append(lambda: _install(figures))
    return figures


def _row(figure: Figure, now: datetime, loaded_by: str) -> dict[str, Any]:
    return {
        "kind": str(figure.kind),
        "place": figure.place,
        "since": figure.since.isoformat(),
        "data": orjson.dumps(figure_row(figure)).decode(),
        "loaded_at": now.isoformat(),
        "loaded_by": loaded_by,
    }


def _install(figures: Iterable[Figure]) -> None:
    _Holder.figures = _Holder.figures.with_figures(figures)
