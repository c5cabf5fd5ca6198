"""Whose account a party is given: who is a party names nobody's but their own, and stands on one side alone.

An account on the other side would read what that side alone is told, and record its acts: consent for it, withdraw for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from mediation.domain.access import SIDE_ROLES
from mediation.domain.errors import InputError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole

NOT_YOURS: Final = Label("只能填写本人的账号", "Name your own account only")
OTHER_SIDE: Final = Label("同一账号不能代表双方当事人", "One account cannot stand on two sides of a case")


class NamedAccount(NamedTuple):
    """An account that an input gives a party: where it stands in the input, whose it is, and the party's side."""

    pointer: str
    person_id: str
    side: str


def account_errors(named: Iterable[NamedAccount], person_id: str, roles: Collection[CaseRole]) -> Iterator[InputError]:
    """What a party in these roles, or somebody about to become one, may not name."""
    own = frozenset(side for side, role in SIDE_ROLES.items() if role in roles)
    for entry in named:
        if entry.person_id != person_id:
            yield InputError(entry.pointer, "not_your_account", NOT_YOURS)
        elif own and entry.side not in own:
            yield InputError(entry.pointer, "account_on_other_side", OTHER_SIDE)
        else:
            own = own or frozenset({entry.side})
