"""How deep a body is nested: told before it is parsed, and only of bodies with brackets enough to be too deep."""

from __future__ import annotations

import re
from typing import Final

DEEPEST: Final = 32
"""The deepest body this service describes has eight levels."""
_STEPS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|([\[{])|([\]}])', re.DOTALL)
"""A text that never ends is taken whole: looked at again from each quote in it, it would cost its length squared."""


def is_too_deep(body: bytes) -> bool:
    """Whether lists and objects lie in each other more than DEEPEST deep; brackets inside texts are not counted."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for found in _STEPS.finditer(body):
        if found[1]:
            depth += 1
            if depth > DEEPEST:
                return True
        elif found[2]:
            depth -= 1
    return False
