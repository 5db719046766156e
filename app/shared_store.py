"""A store on several servers: ``python -m app.shared_store FOLDER SENTINELS STORE KEYS`` writes all that they need.

``SENTINELS`` is ``host:port`` with commas between them, ``STORE`` and ``KEYS`` are where the first primaries listen.
Into ``FOLDER`` go ``store.conf``, ``store.acl``, ``keys.conf``, ``keys.acl`` (the same on every server of its kind),
``sentinel.conf``, ``sentinel.acl`` (on every Sentinel) and every program's URLs. TLS unless all is on this machine.
"""

import hashlib
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.embedded_store import server_options, write_private
from app.network import Bind, parse_bind
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, Right, acl_page

COPIER, SENTINEL = "copier", "sentinel"

_SERVERS_OWN: Mapping[str, tuple[Right, ...]] = {
    COPIER: (Right("+psync +replconf +ping"),),
    # What Sentinel's own documentation lists, and nothing that reads a value.
    SENTINEL: (
        Right(
            "allchannels +multi +exec +slaveof +ping +subscribe +config|rewrite +role +publish +info "
            "+client|setname +client|kill +script|kill"
        ),
    ),
}
_ASKER = "asker"
"""May ask Sentinel who the primary is. It can point nobody to another server."""

_RIGHTS = {"store": STORE_RIGHTS, "keys": KEYS_RIGHTS}
_FILES = {"store": "redis_url", "keys": "keys_url"}
_COPYING = {
    # A primary that is cut off from its copies takes nothing more: what it took would be lost with it (X4).
    "min-replicas-to-write": "1", "min-replicas-max-lag": "5",
    # Neither side of a first copy writes it to a disk on the way: keys live in memory alone (P3).
    "repl-diskless-sync": "yes", "repl-diskless-sync-delay": "0", "repl-diskless-load": "swapdb",
    "rdb-del-sync-files": "yes",
}  # fmt: skip
_TLS = "/etc/porchlight/tls"
_DOWN_MILLISECONDS, _FAILOVER_MILLISECONDS = 5000, 30000


@dataclass(frozen=True, slots=True)
class Shared:
    """Where the servers are; ``tls`` names the folder of ``server.crt``, ``server.key`` and ``ca.crt``, or nothing."""

    sentinels: tuple[Bind, ...]
    primaries: Mapping[str, Bind]
    folder: Path
    tls: str = _TLS
    down_milliseconds: int = _DOWN_MILLISECONDS

    def write(self) -> list[Path]:
        """Writes every file, 0600, with new passwords in place of older ones."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        asker, peer = secrets.token_hex(24), secrets.token_hex(24)
        written, watched = [], []
        for name, rights in _RIGHTS.items():
            everybody = {**rights, **_SERVERS_OWN}
            passwords = {user: secrets.token_hex(24) for user in everybody}
            written += [self._file(f"{name}.acl", acl_page(everybody, passwords))]
            written += [self._file(f"{name}.conf", self._server_page(name, passwords[COPIER]))]
            written += [
                self._file(f"{program}.{_FILES[name]}", f"{self.url(name, program, passwords[program], asker)}\n")
                for program in rights
            ]
            watched.append(self._watch_page(name, passwords[SENTINEL]))
        written += [self._file("sentinel.acl", _sentinel_acl(asker, peer))]
        written += [self._file("sentinel.conf", "\n".join([self._sentinel_page(peer), *watched]))]
        return written

    def url(self, name: str, program: str, password: str, asker: str) -> str:
        """What ``program`` connects with."""
        scheme = "rediss+sentinel" if self.tls else "redis+sentinel"
        hosts = ",".join(str(bind) for bind in self.sentinels)
        login = f"sentinel_user={_ASKER}&sentinel_password={asker}"
        return f"{scheme}://{program}:{password}@{hosts}/porchlight-{name}?copies=1&{login}"

    def _file(self, name: str, text: str) -> Path:
        write_private(self.folder / name, text)
        return self.folder / name

    def _server_page(self, name: str, password: str) -> str:
        options = server_options(durable=name == "store") | _COPYING | {"masteruser": COPIER, "masterauth": password}
        return "\n".join([*(_line(*option) for option in options.items()), *self._tls_lines()]) + "\n"

    def _watch_page(self, name: str, password: str) -> str:
        primary, known = self.primaries[name], f"porchlight-{name}"
        lines = [
            f"sentinel monitor {known} {primary.host} {primary.port} {len(self.sentinels) // 2 + 1}",
            f"sentinel auth-user {known} {SENTINEL}",
            f"sentinel auth-pass {known} {password}",
            f"sentinel down-after-milliseconds {known} {self.down_milliseconds}",
            f"sentinel failover-timeout {known} {_FAILOVER_MILLISECONDS}",
            f"sentinel parallel-syncs {known} 1",
        ]
        return "\n".join(lines) + "\n"

    def _sentinel_page(self, peer: str) -> str:
        lines = [f"sentinel sentinel-user {SENTINEL}", f"sentinel sentinel-pass {peer}", "loglevel warning"]
        # By address alone a certificate could not be checked.
        names = ["sentinel resolve-hostnames yes", "sentinel announce-hostnames yes"] if self.tls else []
        return "\n".join([*names, *lines, *self._tls_lines()]) + "\n"

    def _tls_lines(self) -> list[str]:
        if not self.tls:
            return []
        files = {"cert": "server.crt", "key": "server.key", "ca-cert": "ca.crt"}
        named = [f"tls-{name}-file {self.tls}/{file}" for name, file in files.items()]
        return [*named, "tls-replication yes", "tls-auth-clients optional"]


def _line(name: str, value: str) -> str:
    return f'{name} "{value}"'


def _sentinel_acl(asker: str, peer: str) -> str:
    def digest(password: str) -> str:
        return hashlib.sha256(password.encode()).hexdigest()

    return (
        "user default reset off\n"
        f"user {_ASKER} reset on #{digest(asker)} +sentinel|masters +ping +client|setinfo +client|setname\n"
        f"user {SENTINEL} reset on #{digest(peer)} allchannels +@all\n"
    )


def main(arguments: list[str]) -> int:
    """The command line."""
    try:
        folder, sentinels, store, keys = arguments
        asked = tuple(parse_bind(bind) for bind in sentinels.split(","))
        primaries = {"store": parse_bind(store), "keys": parse_bind(keys)}
    except ValueError as error:
        sys.stderr.write(f"usage: shared_store FOLDER HOST:PORT,HOST:PORT,HOST:PORT STORE KEYS ({error})\n")
        return 2
    is_here = all(bind.is_loopback() for bind in (*asked, *primaries.values()))
    for path in Shared(asked, primaries, Path(folder), "" if is_here else _TLS).write():
        sys.stdout.write(f"made {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
