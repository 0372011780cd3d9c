"""Which addresses an author's request may reach: public ones only, whatever name or spelling leads there (security: SSRF)."""

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from instaflow import NotSent

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = (80, 443)
REFUSED = tuple(
    ipaddress.ip_network(n)
    for n in (
        "192.88.99.0/24",
        "192.0.0.0/24",
        "100.64.0.0/10",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "2001:20::/28",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
"""What ``is_global`` lets through although it leads, or may lead, to private networks: relays and translations."""


def public(address: Address) -> bool:
    """True for an address of the open internet.

    >>> [public(ipaddress.ip_address(a)) for a in ("8.8.8.8", "127.0.0.1", "64:ff9b::7f00:1", "::ffff:10.0.0.1", "224.0.0.1")]
    [True, False, False, False, False]
    """
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return public(mapped)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return not any(address in net for net in REFUSED if net.version == address.version)


def checked(url: str, allowed: Sequence[str] = ()) -> tuple[SplitResult, bool]:
    """The address taken apart, and whether the operator allows its host although private. Raises NotSent when it is refused.

    ``allowed`` = ``host`` or ``host:port`` entries of INSTAFLOW_ALLOW_PRIVATE_HOSTS.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotSent("the address is malformed") from None
    host = (parts.hostname or "").lower().rstrip(".")
    if parts.scheme not in ("http", "https") or not host or any(c in url for c in "\r\n\t \\"):
        raise NotSent("the address is not http or https")
    if parts.username is not None or parts.password is not None:
        raise NotSent("the address holds a user name or a password")
    named = host in allowed or f"{host}:{port}" in allowed
    if port not in PORTS and not named:
        raise NotSent(f"port {port} is not allowed: only 80 and 443")
    return parts, named


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name, all of them public. Raises NotSent when one is not, or when there is none."""
    try:
        found = {
            str(entry[4][0]).partition("%")[0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        }
    except (OSError, UnicodeError):
        raise NotSent(f"the name {host} is not found") from None
    if not all(public(ipaddress.ip_address(a)) for a in found):
        raise NotSent(f"{host} is not a public address")
    return sorted(found)
