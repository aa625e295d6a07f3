"""Whom a caller without a token is taken to be: an address."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from fastapi import Request


def plain(host: str) -> str:
    """The host as it is mostly written: IPv4 that is written as IPv6 (`::ffff:192.0.2.7`) is IPv4."""
    try:
        given = ip_address(host)
    except ValueError:
        return host
    return str(given.ipv4_mapped) if isinstance(given, IPv6Address) and given.ipv4_mapped else host


def site_of(host: str) -> str:
    """The address that counts as one: of IPv6 the network (/64) that a site has; what is no address as it is."""
    try:
        given = ip_address(plain(host.partition("%")[0]))
    except ValueError:
        return host
    return str(IPv6Network((int(given), 64), strict=False)) if isinstance(given, IPv6Address) else str(given)


def address_of(request: Request) -> str:
    """Whom a request comes from that has no token: its address, as `site_of` has it."""
    return site_of(request.client.host) if request.client else "unknown"
