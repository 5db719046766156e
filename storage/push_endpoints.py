"""Where a browser may be pushed to: a push service on the internet, never a machine of our own network."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LONGEST = 1000


def check_endpoint(endpoint: str, *, practice: bool) -> None:
    """Raises ValueError unless this is an https URL of a public host; in practice, unless it stays on this machine."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise ValueError("not a URL")
    if parts.username or parts.password or parts.fragment or not host or parts.path in {"", "/"}:
        raise ValueError("not a push endpoint")
    if practice:
        if parts.scheme not in {"http", "https"} or not (host == "localhost" or is_loopback(host)):
            raise ValueError("practice stays on this machine")
        return
    if parts.scheme != "https" or (parts.port or 443) != 443:
        raise ValueError("a push service is reached by https alone")
    if "." not in host.strip(".") or host.endswith((".", ".local", ".localhost", ".internal", ".home.arpa")):
        raise ValueError("not a public host")
    if looks_like_address(host) and not is_public(host):
        raise ValueError("not a public address")


def looks_like_address(host: str) -> bool:
    """True for an IP address, also in the short and numeric forms that resolvers take."""
    return ":" in host or host.rsplit(".", 1)[-1].lower().startswith("0x") or host.rsplit(".", 1)[-1].isdecimal()


def is_public(address: str) -> bool:
    """True for an address that anybody on the internet may reach, and for nothing that is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """True for an address of this machine alone."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
