"""Questions about days: a term tried out, a count made."""

from typing import Annotated, Literal

from pydantic import Field

from mediation.api.values import Day
from mediation.api.wire import Body


class PreviewIn(Body):
    """The day of the starting fact, and for an agreed term the day agreed."""

    start: Day
    agreed_end: Day | None = None


class CountIn(Body):
    """How far to count from a day, which is not counted itself."""

    start: Day
    length: Annotated[int, Field(ge=0, le=10_000)]
    unit: Literal["calendar_day", "working_day", "month", "year"]
    roll: bool = False
    backward: bool = False
