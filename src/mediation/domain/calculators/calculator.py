"""One calculator: what it asks for, an example, its sources, and the single place where its answer is rounded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, localcontext
from typing import Any

from mediation.domain.calculators.inputs import Parameter, parameters_of
from mediation.domain.calculators.reading import read_into
from mediation.domain.calculators.result import RULE_VERSION, Answer, Line, Result, Variant, rounded
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label
from mediation.domain.law import Citation, cite

DIGITS = 50


@dataclass(frozen=True, slots=True)
class Calculator:
    """A kind of computation; `claims` are the claim codes it computes, `work` the formula on its inputs and the tables."""

    kind: str
    label: Label
    inputs: type
    basis: str
    example: Mapping[str, object]
    work: Callable[[Any, Tables], Answer] = field(repr=False)
    claims: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it asks for."""
        return parameters_of(self.inputs)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every source it may rest on."""
        return cite(self.basis)

    def read(self, values: Mapping[str, object]) -> Any:
        """Read given values into its dataclass of inputs; CalculationError when they cannot be taken."""
        return read_into(self.inputs, values)

    def compute(self, values: Mapping[str, object], tables: Tables) -> Result:
        """Compute with 50 digits inside and round once; CalculationError or MissingFigureError when it cannot."""
        with localcontext(Context(prec=DIGITS)):
            answer = self.work(self.read(values), tables)
            return self._result(answer, values, tables)

    def _result(self, answer: Answer, values: Mapping[str, object], tables: Tables) -> Result:
        return Result(
            kind=self.kind,
            amount=_yuan(answer.amount),
            minimum=_yuan(answer.minimum),
            maximum=_yuan(answer.maximum),
            variants=tuple(Variant(each.label, rounded(each.amount), each.rule) for each in answer.variants),
            working=(*answer.working, *_closing(answer)),
            citations=answer.citations,
            inputs={name: as_given(value) for name, value in values.items()},
            rule_version=RULE_VERSION,
            warnings=answer.warnings,
            needs_review=answer.needs_review,
            calendar_version=tables.calendar.version,
            figures_version=tables.figures.version,
            ratio=answer.ratio,
            outcome=answer.outcome,
        )


def as_given(value: object) -> object:
    """Keep an input as it was given, in the types of JSON."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [as_given(each) for each in value]
    if isinstance(value, Mapping):
        return {name: as_given(each) for name, each in value.items()}
    return value


def _closing(answer: Answer) -> Iterator[Line]:
    """Say what rounding did, and what is disputed."""
    amount, low, high = _yuan(answer.amount), _yuan(answer.minimum), _yuan(answer.maximum)
    if amount is not None and amount != answer.amount:
        yield Line(
            f"四舍五入至分（仅在最后一次）：{amount}元。",
            f"Rounded half up to the fen, once at the end: {amount} yuan.",
            {"line": "rounded", "amount": str(amount)},
        )
    if low is not None:
        yield Line(
            f"存在争议的幅度：{low}元{'以上' if high is None else f'至{high}元'}。",
            f"Disputed range: {low} yuan {'upward' if high is None else f'to {high} yuan'}.",
            {"line": "disputed_range", "minimum": str(low), "maximum": None if high is None else str(high)},
        )


def _yuan(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value)
