"""Every endpoint there is: importing this module offers them all."""

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

from mediation.api import (
    access,
    access_requests,
    alarms,
    break_glass,
    calculators,
    calendars,
    cases,
    checkpoints,
    clients,
    computations,
    consents,
    data_requests,
    employment,
    health,
    limitation,
    local_figures,
    organizations,
    parcels,
    party_access,
    personal_data,
    reference,
    registers,
    retention,
    simulations,
    talks,
    tasks,
)
from mediation.api.operations import Operation, operations

MODULES: Final[tuple[ModuleType, ...]] = (
    access,
    cases,
    clients,
    simulations,
    checkpoints,
    tasks,
    talks,
    parcels,
    limitation,
    reference,
    employment,
    computations,
    calculators,
    local_figures,
    calendars,
    organizations,
    alarms,
    break_glass,
    access_requests,
    personal_data,
    retention,
    consents,
    data_requests,
    registers,
    party_access,
    health,
)


def offered() -> Mapping[str, Operation]:
    """Every operation but the steps, by its id."""
    return operations()


def by_path() -> Iterator[tuple[str, dict[str, Operation]]]:
    """Operations grouped by path, the methods of a path together."""
    grouped: dict[str, dict[str, Operation]] = {}
    for entry in operations().values():
        grouped.setdefault(entry.path, {})[entry.method] = entry
    yield from grouped.items()
