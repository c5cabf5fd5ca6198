"""A claim computed on its case: by which calculator, from which inputs, and how it stands to what was claimed and agreed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.calculators import CALCULATORS, RULE_VERSION, Result, calculators_of, compute
from mediation.domain.calculators.result import Line, Variant
from mediation.domain.calculators.settlement_ratio import share_of
from mediation.domain.calculators.tables import Tables
from mediation.domain.employment import Employment
from mediation.domain.employment_inputs import inputs_of, named
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.law import Citation
from mediation.domain.records import Claim

MOST_YUAN: Final = Decimal(10**12)
FEN_IN_YUAN: Final = 100

_NO_MONEY: Final = Label("不是金钱请求，无须计算", "it asks for no sum of money")
_BY_AGREEMENT: Final = Label(
    "金额由合同、规章或者集体合同约定，没有统一算法",
    "its amount follows from the contract, the rules of the house or a collective agreement",
)
_BY_LOCAL_RULES: Final = Label("按地方规定的标准计算，尚无算法", "its amount follows from local rules not kept here")
_BY_INSURANCE: Final = Label(
    "按社会保险待遇标准或者实际损失计算，尚无算法",
    "its amount follows from the rules of social insurance, or from the loss proved",
)
_TOO_BROAD: Final = Label(
    "请求类别过宽，请按具体项目（如加班费、经济补偿）分列请求",
    "it is too broad: name the items it is made of, such as overtime pay, as claims of their own",
)

WITHOUT_CALCULATION: Final[Mapping[str, Label]] = MappingProxyType(
    {
        **dict.fromkeys(("confirm_employment", "reinstatement"), _NO_MONEY),
        **dict.fromkeys(("termination_certificate", "deposit_refund"), _NO_MONEY),
        **dict.fromkeys(("bonus_commission", "welfare_benefit", "collective_contract"), _BY_AGREEMENT),
        **dict.fromkeys(("non_compete_penalty", "training_service_penalty", "employer_loss"), _BY_AGREEMENT),
        **dict.fromkeys(("high_temp_allowance", "sick_leave_pay", "stoppage_pay"), _BY_LOCAL_RULES),
        **dict.fromkeys(("work_injury_benefit", "work_death_benefit", "maternity_benefit"), _BY_INSURANCE),
        **dict.fromkeys(("pension_loss", "medical_insurance_loss", "unemployment_loss"), _BY_INSURANCE),
        **dict.fromkeys(("mass_layoff", "dispatch_dispute", "part_time_dispute", "over_age_worker"), _TOO_BROAD),
        **dict.fromkeys(("platform_worker", "contractor_liability", "other_labour"), _TOO_BROAD),
        "double_wage_no_open_ended": Label(
            "自应当订立无固定期限合同之日起算，现有算法只适用于未签书面合同",
            "it runs from the day an open-ended contract was due; the calculator is for want of any written contract",
        ),
    }
)
"""Claims that are not computed, and why. Every other claim has at least one calculator."""


@dataclass(frozen=True, slots=True)
class Computation:
    """A claim computed for a worker on a day; `given` are the values that stood in place of facts on file."""

    claim_id: str
    party_id: str
    kind: str
    given: Mapping[str, object]
    computed_on: date
    computed_by: str
    result: Result


@dataclass(frozen=True, slots=True)
class Compared:
    """One amount beside the computed one: how much more it is (less where negative), and its share to four places.

    `share` is None where nothing was computed to divide by.
    """

    amount: Decimal
    difference: Decimal
    share: Decimal | None


def kind_for(claim: Claim, wanted: str | None, before: str | None) -> str:
    """Choose the calculation: the one asked for, else the one made before, else the first for the claim.

    InvalidInputError where the claim is not computed, or not by the one asked for.
    """
    kinds = [row.kind for row in calculators_of(claim.code)]
    if not kinds:
        why = WITHOUT_CALCULATION[claim.code]
        text = Label(f"该请求没有计算项目：{why.zh}", f"There is no calculation for this claim: {why.en}")
        raise InvalidInputError([InputError("/kind", "no_calculation", text)])
    if wanted is not None and wanted not in kinds:
        listed = ", ".join(kinds)
        text = Label(f"该请求的计算项目：{listed}", f"This claim is computed by: {listed}")
        raise InvalidInputError([InputError("/kind", "not_for_this_claim", text)])
    return wanted or (before if before in kinds else kinds[0])


def work_out(kind: str, employment: Employment, given: Mapping[str, object], *, on: date, tables: Tables) -> Result:
    """Compute from the employment, overlaid with what is given for this claim alone.

    InvalidInputError names each value that is missing or impossible and the facts it rests on, or the figure that is
    not on file.
    """
    values = inputs_of(kind, employment, given, on)
    try:
        result = compute(kind, values, calendar=tables.calendar, figures=tables.figures)
    except InvalidInputError as error:
        raise InvalidInputError(named(kind, error.errors)) from error
    if max(result.amount or 0, result.maximum or 0) >= MOST_YUAN:
        text = Label("计算金额过大，请核对输入", "The amount computed is impossibly large: check the inputs")
        raise InvalidInputError([InputError("/inputs", "out_of_range", text)])
    return result


def stale_because(kept: Computation, claim: Claim, employment: Employment, tables: Tables) -> tuple[str, ...]:
    """Say why it would come out otherwise now: `claim`, `rules`, `facts`, `figures`, `calendar`; none while it stands.

    It is worked out again as of the day it was made, so that a day that passes alone makes nothing stale.
    """
    if kept.kind not in {row.kind for row in calculators_of(claim.code)}:
        return ("claim",)
    if kept.result.rule_version != RULE_VERSION:
        return ("rules",)
    try:
        now = work_out(kept.kind, employment, kept.given, on=kept.computed_on, tables=tables)
    except InvalidInputError:
        return ("facts",)
    if dict(now.inputs) != dict(kept.result.inputs):
        return ("facts",)
    return tuple(_differing(kept.result, now))


def _differing(before: Result, now: Result) -> Iterator[str]:
    if result_row(before)["working"] == result_row(now)["working"]:
        return
    if before.figures_version != now.figures_version:
        yield "figures"
    if before.calendar_version != now.calendar_version:
        yield "calendar"


def compare(claim: Claim, computed: Decimal | None) -> dict[str, Compared | None]:
    """Set what is claimed, agreed and awarded beside the computed amount; None where either is not known."""
    amounts = {"claimed": claim.amount_fen, "agreed": claim.agreed_fen, "awarded": claim.awarded_fen}
    return {name: _compared(fen, computed) for name, fen in amounts.items()}


def _compared(fen: int | None, computed: Decimal | None) -> Compared | None:
    if fen is None or computed is None:
        return None
    amount = yuan(fen)
    return Compared(amount, amount - computed, share_of(computed, amount) if computed else None)


def yuan(fen: int) -> Decimal:
    """Turn fen into yuan with two places."""
    return Decimal(fen).scaleb(-2)


def fen_of(amount: Decimal | None) -> int | None:
    """Turn yuan with two places into fen."""
    return None if amount is None else int(amount * FEN_IN_YUAN)


def result_row(result: Result) -> dict[str, Any]:
    """Write a result in the types of JSON, with everything it says."""
    row = {each.name: getattr(result, each.name) for each in fields(result)}
    return {
        **{name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in row.items()},
        "variants": [[each.label.zh, each.label.en, f"{each.amount:f}", each.rule] for each in result.variants],
        "working": [[line.zh, line.en, dict(line.facts)] for line in result.working],
        "citations": [[each.source, each.articles, each.verified, each.note] for each in result.citations],
        "warnings": [[each.zh, each.en] for each in result.warnings],
        "inputs": dict(result.inputs),
    }


def result_from(row: Mapping[str, Any]) -> Result:
    """Read a result back as it was written."""
    money = {
        name: None if row[name] is None else Decimal(row[name]) for name in ("amount", "minimum", "maximum", "ratio")
    }
    return Result(
        **{
            **row,
            **money,
            "variants": tuple(
                Variant(Label(zh, en), Decimal(amount), rule) for zh, en, amount, rule in row["variants"]
            ),
            "working": tuple(Line(*line) for line in row["working"]),
            "citations": tuple(Citation(*each) for each in row["citations"]),
            "warnings": tuple(Label(*each) for each in row["warnings"]),
        }
    )


def label_of(kind: str) -> Label:
    """Name a kind of calculation."""
    return CALCULATORS[kind].label
