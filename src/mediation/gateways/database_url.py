"""What a database's address says of the way to it: whether it stays on this machine, or the server is proven."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

_SQLITE: Final = "sqlite:"
_ELSEWHERE: Final = ("PGHOST", "PGHOSTADDR", "PGSERVICE")
"""Variables by which libpq finds a server that the address does not name."""


def is_private(url: str, environment: Mapping[str, str]) -> bool:
    """Whether nobody on the way can read or answer for the database: it is on this machine, or TLS proves it.

    Proven is `sslmode=verify-full`, or `verify-ca` by a certificate authority of one's own (`sslrootcert`): of a public
    one anybody has a certificate. What the address does not say is not taken from the environment.
    """
    if url.startswith(_SQLITE):
        return True
    parts = urlsplit(url)
    said = dict(parse_qsl(parts.query))
    if said.get("sslmode") == "verify-full":
        return True
    if said.get("sslmode") == "verify-ca" and said.get("sslrootcert", "system") != "system":
        return True
    hosts = _hosts(parts.netloc, said)
    if not hosts and (any(environment.get(name) for name in _ELSEWHERE) or "service" in said):
        return False
    return all(_is_here(host) for host in hosts)


def _hosts(netloc: str, said: Mapping[str, str]) -> list[str]:
    """Every host the address names, before the port; several stand with commas between."""
    named = [_without_port(each) for each in netloc.rpartition("@")[2].split(",")]
    others = [host for name in ("host", "hostaddr") for host in said.get(name, "").split(",")]
    return [host for host in (*named, *others) if host]


def _without_port(text: str) -> str:
    host = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0]
    return unquote(host)


def _is_here(host: str) -> bool:
    """Whether a host is this machine: a folder of sockets, or a loopback address."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
