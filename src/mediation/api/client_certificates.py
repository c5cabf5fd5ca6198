"""The client certificate that came with a request: believed from the proxies named, refused from anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from starlette.requests import Request

from mediation.api.abuse import address_of
from mediation.gateways.certificates import Certificate, CertificateRefusedError, read_header
from mediation.gateways.tokens import TokenError

PEER: Final = "mediation.peer"
"""Where in the scope the connection itself is told from, whatever X-Forwarded-For says."""


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """The header that proxies pass a verified certificate on in (empty: none is taken), and who they are.

    `is_ca_checked`: they pass on no certificate but those of a CA they trust.
    """

    header: str = ""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    is_ca_checked: bool = False

    def refuse_forged(self, request: Request) -> None:
        """TokenError where the header comes from somebody who is no proxy of ours, or twice."""
        values = request.headers.getlist(self.header) if self.header else []
        if values and not self._is_proxy(request):
            raise TokenError("certificate_refused", "a client certificate is taken from the proxy alone")
        if len(values) > 1:
            raise TokenError("certificate_refused", "a client certificate is passed on once")

    def shown(self, request: Request) -> Certificate | None:
        """The certificate that came along, whatever its dates; TokenError for one that cannot be read.

        The request was found not to be forged.
        """
        value = request.headers.get(self.header) if self.header else None
        if not value:
            return None
        try:
            return read_header(value)
        except CertificateRefusedError as error:
            raise TokenError("certificate_refused", f"the certificate {error}") from None

    def _is_proxy(self, request: Request) -> bool:
        try:
            peer = ip_address(request.scope.get(PEER) or address_of(request))
        except ValueError:
            return False
        if isinstance(peer, IPv6Address) and peer.ipv4_mapped is not None:
            peer = peer.ipv4_mapped
        return any(peer in network for network in self.proxies)
