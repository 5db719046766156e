"""Addresses to listen on and URLs to call, and whether they stay on this machine."""

import contextlib
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from storage.sentinel_url import SENTINEL_SCHEMES, parse_sentinel_url


@dataclass(frozen=True, slots=True)
class Bind:
    """A host and port to listen on; prints as ``127.0.0.1:8080`` or ``[::1]:8080``."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The plain-http URL of this address on this machine."""
        return f"http://{self}"

    def is_loopback(self) -> bool:
        """True if only this machine can reach it."""
        return is_loopback_host(self.host)


def parse_bind(text: str) -> Bind:
    """``host:port``. Raises ValueError saying how it should look."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("should look like 127.0.0.1:8080")
    return Bind(host, int(port))


def parse_url(text: str) -> str:
    """An http(s) URL without its trailing slash. Raises ValueError saying what is wrong."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("should be a URL that begins with http:// or https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must not carry a name, a password, a query or a fragment")
    return text.rstrip("/")


def parse_store_url(text: str) -> str:
    """A URL of a Redis-protocol server. Raises ValueError saying which kinds there are."""
    parts = _split_login(text)
    if parts.scheme == "unix" and parts.path.startswith("/"):
        return text
    if parts.scheme in SENTINEL_SCHEMES:
        parse_sentinel_url(text)
        return text
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError("should begin with unix:///, redis://, rediss:// or rediss+sentinel://")
    return text


def _split_login(text: str) -> SplitResult:
    """As ``urlsplit``, whose own errors quote what they could not read: a password, or its part before a slash."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme in SENTINEL_SCHEMES or parts.port != 0:
            return parts
    raise ValueError("should have its password percent-encoded (a slash is %2F), and a number for a port")


def is_loopback_host(host: str) -> bool:
    """True for localhost and the loopback addresses of both families."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """True if the URL names this machine or a unix socket."""
    parts = urlsplit(url)
    if parts.scheme in SENTINEL_SCHEMES:
        return all(is_loopback_host(host) for host, _ in parse_sentinel_url(url).sentinels)
    return parts.scheme == "unix" or is_loopback_host(parts.hostname or "")


def is_safe_hop(url: str) -> bool:
    """True if nobody between here and there can read along: this machine, or TLS."""
    return is_loopback_url(url) or urlsplit(url).scheme in {"https", "rediss", "rediss+sentinel"}
