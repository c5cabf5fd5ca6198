"""What a body weighs before it handles personal data in a way that may hurt people (PIPL 55, 56)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label

KEPT_YEARS: Final = 3
"""The report and the record of the handling are kept for so long at least (PIPL 56)."""


class Handling(StrEnum):
    """The handling that is assessed beforehand (PIPL 55)."""

    SENSITIVE_DATA = "sensitive_data"
    AUTOMATED_DECISION = "automated_decision"
    PASSING_ON = "passing_on"
    ABROAD = "abroad"
    OTHER = "other"


class Conclusion(StrEnum):
    """What the assessment came to."""

    ACCEPTABLE = "acceptable"
    WITH_MEASURES = "with_measures"
    NOT_ACCEPTABLE = "not_acceptable"


HANDLINGS: Final[Mapping[Handling, Label]] = MappingProxyType(
    {
        Handling.SENSITIVE_DATA: Label("处理敏感个人信息", "Sensitive personal data"),
        Handling.AUTOMATED_DECISION: Label("利用个人信息进行自动化决策", "Automated decisions"),
        Handling.PASSING_ON: Label("委托处理、提供或者公开个人信息", "Entrusting, passing on or publishing"),
        Handling.ABROAD: Label("向境外提供个人信息", "Passing on abroad"),
        Handling.OTHER: Label("对个人权益有重大影响的其他处理", "Other handling with a major effect on people"),
    }
)
CONCLUSIONS: Final[Mapping[Conclusion, Label]] = MappingProxyType(
    {
        Conclusion.ACCEPTABLE: Label("可以处理", "acceptable"),
        Conclusion.WITH_MEASURES: Label("采取措施后可以处理", "acceptable with the measures told"),
        Conclusion.NOT_ACCEPTABLE: Label("不得处理", "not acceptable"),
    }
)
CONTENT: Final = ("title", "necessity", "risks", "measures")
"""What an assessment holds: purpose and need, effect and risk, protection (PIPL 56)."""


def kept_until(made_on: date) -> date:
    """The last day for which an assessment has to be kept; of 29 February the 28th."""
    year = made_on.year + KEPT_YEARS
    is_leap_day = (made_on.month, made_on.day) == (2, 29)
    return made_on.replace(year=year, day=28) if is_leap_day else made_on.replace(year=year)
