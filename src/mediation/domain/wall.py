"""What was said in mediation, in a wrapping that no answer, log or export can carry (SPC-TY 22, 28; SPC-OL 18, 29).

A `Confidential[str]` is no `str`: the type checker refuses it wherever a text is shown, and at run time it prints as
three dots and is refused by every serializer. Only a sight that reaches the class takes the value out.
"""

from __future__ import annotations

from typing import Any, Generic, NoReturn, TypeVar, final

from mediation.domain.errors import NotPermittedError
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import CEILINGS, DataClass, Sight

T = TypeVar("T")
HIDDEN = "…"
TEAM = frozenset(role for role, ceiling in CEILINGS.items() if ceiling >= DataClass.CONFIDENTIAL)
"""Who hears what is said in mediation: those who mediate, write it down, or stand by a side."""
_WHO = sorted(TEAM - {CaseRole.SYSTEM})


@final
class Confidential(Generic[T]):
    """A value said in mediation; `opened` gives it to a sight that reaches the class, nothing else does."""

    __slots__ = ("__value",)

    def __init__(self, value: T) -> None:
        """Put a value behind the wall."""
        self.__value = value

    def opened(self, sight: Sight) -> T:
        """The value; NotPermittedError for a sight below what was said in mediation."""
        refuse_outsiders(sight)
        return self.__value

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        msg = "what was said in mediation is not serialized"
        raise TypeError(msg)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


def refuse_outsiders(sight: Sight) -> None:
    """NotPermittedError for who does not hear what is said in mediation."""
    if not sight.reaches(DataClass.CONFIDENTIAL):
        raise NotPermittedError(recorded_by=_WHO)


def parted(told: dict[str, Any], classes: dict[str, DataClass], default: DataClass) -> tuple[dict[str, Any], ...]:
    """Texts of an entry parted in two: what the case's key seals, and what stands behind the wall."""
    behind = {name for name in told if classes.get(name, default) >= DataClass.CONFIDENTIAL}
    return (
        {name: value for name, value in told.items() if name not in behind},
        {name: value for name, value in told.items() if name in behind},
    )
