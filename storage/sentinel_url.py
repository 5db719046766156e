"""The URL of a store on several servers, of which Sentinel says which one is the primary.

``redis+sentinel://user:password@host:26379,host:26379/name?copies=1`` (``rediss+sentinel://`` with TLS on every hop).
A Sentinel that asks for a login of its own gets ``sentinel_user`` and ``sentinel_password`` of the query.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

SENTINEL_SCHEMES = frozenset({"redis+sentinel", "rediss+sentinel"})

_SENTINEL_PORT = 26379
_MOST_COPIES = 4


@dataclass(frozen=True, slots=True)
class SentinelUrl:
    """The parts of such a URL."""

    sentinels: tuple[tuple[str, int], ...]
    name: str
    copies: int
    tls: bool
    login: dict[str, str] = field(repr=False)
    sentinel_login: dict[str, str] = field(repr=False)


def is_sentinel_url(url: str) -> bool:
    """True if Sentinel is to be asked for the server."""
    return urlsplit(url).scheme in SENTINEL_SCHEMES


def parse_sentinel_url(url: str) -> SentinelUrl:
    """Takes such a URL apart. Raises ValueError saying how it should look, without what it holds."""
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    copies = query.pop("copies", "1")
    user, password = query.pop("sentinel_user", ""), query.pop("sentinel_password", "")
    sentinels = tuple(_parse_host(host) for host in hosts.split(","))
    name = parts.path.removeprefix("/")
    if parts.scheme not in SENTINEL_SCHEMES or not name or "/" in name or query:
        raise ValueError("should look like rediss+sentinel://user:password@host:26379,host:26379/name?copies=1")
    if not copies.isdecimal() or int(copies) > _MOST_COPIES:
        raise ValueError(f"copies must be a whole number from 0 to {_MOST_COPIES}")
    given, _, secret = login.partition(":")
    return SentinelUrl(
        sentinels, name, int(copies), parts.scheme.startswith("rediss"), _login(given, secret), _login(user, password)
    )


def _login(user: str, password: str) -> dict[str, str]:
    named = {"username": unquote(user), "password": unquote(password)}
    return {name: value for name, value in named.items() if value}


def _parse_host(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text.rpartition("]")[2] else (text, "", str(_SENTINEL_PORT))
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("should name every Sentinel as host:port, with commas between them")
    return host, int(port)
