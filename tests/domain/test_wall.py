"""What stands behind the wall shows itself to nobody by accident, and to the right sight on purpose."""

import copy
import dataclasses
import json
import pickle
import typing
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter

from mediation.domain import access
from mediation.domain.cases import Case
from mediation.domain.errors import NotPermittedError
from mediation.domain.leaving import Parcel
from mediation.domain.offers import Offer
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import DataClass, Sight, sight_of
from mediation.domain.undisputed import UndisputedFact
from mediation.domain.wall import HIDDEN, TEAM, Confidential, parted
from mediation.services.views import CasePage, CaseView, HistoryPage, LimitationPage, SimulationView

MARK = "标记底线"


def seen_by(*roles: CaseRole) -> Sight:
    return sight_of(access.Actor("p", "某人", "o", frozenset()), frozenset(roles))


@pytest.mark.parametrize("role", list(CaseRole))
def test_only_the_team_opens_what_was_said(role: CaseRole) -> None:
    said = Confidential(MARK)

    if role in TEAM:
        assert said.opened(seen_by(role)) == MARK
    else:
        with pytest.raises(NotPermittedError):
            said.opened(seen_by(role))


def test_the_team_mediates_writes_or_stands_by_a_side() -> None:
    assert {CaseRole.MEDIATOR, CaseRole.CLERK, CaseRole.VOLUNTEER, CaseRole.SYSTEM} == TEAM


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>20}".format, "%s".__mod__, lambda said: f"{[said]}"])
def test_it_prints_as_three_dots(show: Callable[[Any], str]) -> None:
    text = show(Confidential(MARK))

    assert HIDDEN in text
    assert MARK not in text


@pytest.mark.parametrize(
    "write", [orjson.dumps, json.dumps, pickle.dumps, copy.deepcopy, TypeAdapter(dict[str, str]).validate_python]
)
def test_nothing_writes_it_down(write: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        write({"said": Confidential(MARK)})


def test_it_is_equal_to_nothing_so_that_nobody_guesses_it() -> None:
    said = Confidential(MARK)

    assert said == said  # noqa: PLR0124 - itself it is
    assert said != Confidential(MARK)
    assert said != MARK
    assert len({said, Confidential(MARK)}) == 2


def test_it_has_no_attribute_to_look_into() -> None:
    said = Confidential(MARK)

    assert not hasattr(said, "__dict__")
    assert [name for name in dir(said) if not name.startswith("_")] == ["opened"]


def test_texts_are_parted_by_their_class_and_what_has_none_by_that_of_the_row() -> None:
    told = {"reason": "a", "record": "b", "note": "c"}
    classes = {"reason": DataClass.CONFIDENTIAL, "record": DataClass.PERSONAL}

    assert parted(told, classes, DataClass.PERSONAL) == ({"record": "b", "note": "c"}, {"reason": "a"})
    assert parted(told, classes, DataClass.CONFIDENTIAL) == ({"record": "b"}, {"reason": "a", "note": "c"})


def parts_of(kind: Any, seen: set[Any]) -> Iterator[Any]:
    """A type and every type its fields are made of."""
    if kind in seen:
        return
    seen.add(kind)
    yield typing.get_origin(kind) or kind
    for inner in typing.get_args(kind):
        yield from parts_of(inner, seen)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        for inner in typing.get_type_hints(kind, vars(__import__(kind.__module__, fromlist=["x"]))).values():
            yield from parts_of(inner, seen)


@pytest.mark.parametrize("carrier", [Case, Parcel, CaseView, CasePage, HistoryPage, LimitationPage, SimulationView])
def test_no_carrier_of_a_case_has_a_place_for_it(carrier: type) -> None:
    assert Confidential not in set(parts_of(carrier, set()))


def test_the_look_for_places_would_find_one() -> None:
    assert Confidential in set(parts_of(Offer, set()))
    assert Confidential in set(parts_of(dict[str, list[UndisputedFact]], set()))
