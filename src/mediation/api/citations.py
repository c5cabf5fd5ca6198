"""The legal basis of a row as data: sources and articles in both languages, and whether the text was read."""

from functools import lru_cache
from typing import Any

from mediation.api.language import both
from mediation.domain.law import Citation, cite, describe


@lru_cache(maxsize=2048)
def _cited(basis: str) -> tuple[dict[str, Any], ...]:
    return tuple(describe_citation(citation) for citation in cite(basis)) if basis else ()


def cited(basis: str) -> list[dict[str, Any]]:
    """Read a basis such as `LDMAL 14; ZJ 10` into its citations."""
    return list(_cited(basis))


def describe_citation(citation: Citation) -> dict[str, Any]:
    """Write one citation."""
    return {
        "source": citation.source,
        "articles": citation.articles,
        "text": both(describe(citation)),
        "verified": citation.verified,
        "note": citation.note,
    }
