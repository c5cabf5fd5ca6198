"""The commands `mediation organization …`: found a body, move one in the tree, appoint who looks after it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pydantic import ValidationError

from mediation.api.organization_bodies import OrganizationIn, PersonIn
from mediation.domain.access import MembershipRole
from mediation.domain.errors import InvalidInputError, Refusal
from mediation.gateways.clock import SystemClock, real_now
from mediation.process import open_database
from mediation.services import founding, moves
from mediation.settings import Settings


class OrganizationRefusedError(Exception):
    """A sentence that says why a command was not carried out."""


def found(settings: Settings, options: argparse.Namespace) -> None:
    """Put a body in place that has none above it, with its first administrator; the rest is done over HTTP."""
    with _sentences():
        given = {"kind": options.kind, "name": options.name, "short_name": options.short_name}
        body = OrganizationIn.model_validate(given).values()
        administrator = PersonIn(subject=options.subject, name=options.administrator).values()
        _write(settings, founding.found, body, administrator, SystemClock().today())
    print(f"{options.name} is in place; {options.subject} administers it.")


def move(settings: Settings, options: argparse.Namespace) -> None:
    """Move a body below another, or to the top of a tree; the worker lets its cases follow."""
    with _sentences():
        _write(settings, moves.move_by_hand, options.id, options.to, real_now())
    print(f"{options.id} is moved; its progress: GET /v1/organizations/{options.id}/moves.")


def appoint(settings: Settings, options: argparse.Namespace) -> None:
    """Make somebody administrator, security officer or auditor of a body that has none above it."""
    with _sentences():
        person = PersonIn(subject=options.subject, name=options.name).values()
        role, today = MembershipRole(options.role), SystemClock().today()
        _write(settings, founding.appoint, options.short_name, role, person, today)
    print(f"{options.subject} is {options.role} of {options.short_name}.")


COMMANDS: Final[Mapping[str, Callable[[Settings, argparse.Namespace], None]]] = {
    "found": found,
    "move": move,
    "appoint": appoint,
}


def _write(settings: Settings, service: Callable[..., object], *arguments: Any) -> None:
    database = open_database(settings)
    try:
        database.run_write(service, *arguments)
    finally:
        database.close()


@contextmanager
def _sentences() -> Iterator[None]:
    """Say of what is refused what is wrong with it, and where."""
    try:
        yield
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise OrganizationRefusedError("; ".join(faults) + ".") from error
    except InvalidInputError as refusal:
        raise OrganizationRefusedError("; ".join(error.text.en for error in refusal.errors) + ".") from refusal
    except Refusal as refusal:
        facts = "".join(f"; {name} {value}" for name, value in refusal.facts.items() if value)
        raise OrganizationRefusedError(f"{refusal}{facts}.") from refusal
