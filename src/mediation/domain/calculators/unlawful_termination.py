"""Damages for unlawful termination, 2N (LCL 48, 87): twice the compensation, counted from the first day of work."""

from types import MappingProxyType
from typing import Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.compensation import compensation
from mediation.domain.calculators.result import Answer
from mediation.domain.calculators.service_and_wage import ServiceAndWage
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label


def work_out(inputs: ServiceAndWage, tables: Tables) -> Answer:
    """Apply the formula twice; nothing comes on top, and the worker may ask for the contract to go on instead."""
    sheet = Sheet()
    sheet.warn(
        "支付赔偿金的，不再支付经济补偿和代通知金；劳动者也可以要求继续履行合同。",
        "With these damages neither N nor notice pay is due; the worker may ask for the contract to go on instead.",
    )
    return compensation(sheet, inputs, tables, factor=2, split_2008=False)


CALCULATOR: Final = Calculator(
    kind="unlawful_termination",
    label=Label("违法解除或终止赔偿金（2N）", "damages for unlawful termination (2N)"),
    inputs=ServiceAndWage,
    basis="LCL 47, 48, 87, 97(3); LCR 10, 25, 27; LI1 46, 47; AMB-8",
    example=MappingProxyType(
        {
            "service": [["2026-02-01", "2026-05-31"]],
            "avg_monthly_wage": "2100.00",
            "min_monthly_wage": "2490.00",
        }
    ),
    work=work_out,
    claims=("unlawful_termination_damages",),
)
