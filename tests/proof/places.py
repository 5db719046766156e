"""Where words must not be, as data: a place is a name and what lies there, piece by piece."""

import contextlib
import os
import subprocess
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.connection import Store, StoreError
from tests.proof.scene import Scene, family

ROOT = Path(__file__).resolve().parents[2]
_PIECE = 32 * 1024 * 1024
_OVERLAP = 4096
_LEFT_OUT = {"/proc", "/sys", "/dev/pts", "/snap"}

MACHINE = [Path("/"), Path("/dev/shm"), Path("/tmp"), Path("/var/tmp"), Path.home()]
"""What is walked for files that were written since the start; each may be a file system of its own."""

type Pieces = AsyncIterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Place:
    """``short`` heads a column of the table. ``last``: looked at after the programs have begun anew.

    ``stated``: beginnings of paths whose words may be there, and are told as such: the threat model says why.
    """

    name: str
    short: str
    look: Callable[[Scene], Pieces]
    last: bool = False
    stated: tuple[str, ...] = ()


def read_pieces(path: Path) -> Iterator[bytes]:
    """A file in pieces that overlap, so that nothing hides on a border; nothing if it has gone meanwhile."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        tail = b""
        while piece := file.read(_PIECE):
            yield tail + piece
            tail = piece[-_OVERLAP:]


def files_below(folders: Iterable[Path], leave_out: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Regular files, links left out."""
    for folder in folders:
        for path in folder.rglob("*"):
            if leave_out.isdisjoint(map(str, path.parents)) and path.is_file() and not path.is_symlink():
                yield path


def changed_files(scene: Scene) -> list[Path]:
    """Every file of this machine that was written since the start; asked once, of ``find``, since there are many."""
    if scene.changed is None:
        pruned = " -o ".join(f"-path {name}" for name in sorted(_LEFT_OUT)).split()
        since = ["-newerct", f"@{int(scene.began) - 1}"]
        command = [
            "find",
            *map(str, MACHINE),
            "-xdev",
            "(",
            *pruned,
            ")",
            "-prune",
            "-o",
            "-type",
            "f",
            *since,
            "-print0",
        ]
        found = subprocess.run(command, capture_output=True).stdout
        scene.changed = [Path(os.fsdecode(name)) for name in found.split(b"\0") if name]
    return scene.changed


async def _files(paths: Iterable[Path]) -> Pieces:
    for path in paths:
        for piece in read_pieces(path):
            yield str(path), piece


def in_folder(scene: Scene) -> Pieces:
    """What the programs write of themselves: data, keys, secrets of the run, and their temporary files."""
    logs = frozenset({str(scene.stack.folder / "logs")})
    folders = [scene.stack.folder, scene.control.parent / "temporary", ROOT / "var", ROOT / "bot" / "models"]
    return _files(files_below(folders, leave_out=logs))


async def in_logs(scene: Scene) -> Pieces:
    """Standard output and error of every program, and what the supervisor says."""
    async for piece in _files(files_below([scene.stack.folder / "logs"])):
        yield piece
    yield "the supervisor", "\n".join(scene.said).encode()


def on_machine(scene: Scene) -> Pieces:
    """Every file of this machine that was written since the start, wherever: home, caches, /var/tmp, /dev/shm."""
    own = [str(scene.control), str(scene.stack.folder), str(scene.profile), str(ROOT / ".git")]
    return _files(path for path in changed_files(scene) if not str(path).startswith(tuple(f"{one}/" for one in own)))


async def open_files(scene: Scene) -> Pieces:
    """What the programs hold open, deleted or in memory alone (memfd) included."""
    for pid, program in family(scene.stack).items():
        with contextlib.suppress(OSError):
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                target = str(handle.readlink())
                if not handle.is_file() or target.startswith("/proc/"):
                    continue
                kind = "deleted file" if "(deleted)" in target else "open file"
                for piece in read_pieces(handle):
                    yield f"{program}: {kind}", piece


async def surroundings(scene: Scene) -> Pieces:
    """Environments, command lines and names of processes and threads."""
    for pid, program in family(scene.stack).items():
        for path in (
            Path(f"/proc/{pid}/environ"),
            Path(f"/proc/{pid}/cmdline"),
            *Path(f"/proc/{pid}").glob("task/*/comm"),
        ):
            for piece in read_pieces(path):
                yield f"{program}: {path.name}", piece


async def in_keys(scene: Scene) -> Pieces:
    """Every key and value of both instances as commands show them, and what the servers tell of themselves."""
    for name, url in (("store", scene.stack.store_url("proof")), ("keys", scene.stack.keys_url("proof"))):
        store = Store(url)
        cursor: Any = 0
        while True:
            cursor, keys = await store.call("SCAN", cursor, "COUNT", 500)
            for key in keys:
                yield f"{name}: a key", key
                for value in await _values(store, key):
                    yield f"{name}: a value of {key.decode(errors='replace').split(':')[0]}", value
            if int(cursor) == 0:
                break
        for words in (
            ("CLIENT", "LIST"),
            ("SLOWLOG", "GET", "128"),
            ("ACL", "LOG"),
            ("INFO", "everything"),
            ("CONFIG", "GET", "*"),
        ):
            yield f"{name}: {' '.join(words)}", repr(await store.call(*words)).encode()
        await store.aclose()


async def _values(store: Store, key: bytes) -> list[bytes]:
    ask = {
        b"string": ("GET", key),
        b"list": ("LRANGE", key, 0, -1),
        b"set": ("SMEMBERS", key),
        b"hash": ("HGETALL", key),
        b"zset": ("ZRANGE", key, 0, -1),
        b"stream": ("XRANGE", key, "-", "+"),
    }
    try:
        kind = await store.call("TYPE", key)
        return list(_flatten(await store.call(*ask[kind]))) if kind in ask else []
    except StoreError:
        return []


def _flatten(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode()
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _flatten(key)
            yield from _flatten(one)
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from _flatten(one)


async def metrics(scene: Scene) -> Pieces:
    """The private ports: figures, health, and what they answer to words in an address."""
    for program, path in (
        ("webhooks", "/metrics"),
        ("worker", "/metrics"),
        ("console", "/metrics"),
        ("actions", "/metrics"),
        ("rasa", "/"),
        ("rasa", "/readyz"),
        ("console", "/readyz"),
        ("webhooks", "/readyz"),
        ("worker", "/readyz"),
        ("actions", "/healthz"),
    ):
        for number in range(2 if program in {"webhooks", "console"} else 1):
            bind = scene.stack.plan.find_instance(program).binds[number][1]
            try:
                with urllib.request.urlopen(f"{bind.url}{path}", timeout=10) as answer:
                    yield f"{program} {path}", answer.read() + str(answer.headers).encode()
            except urllib.error.HTTPError as error:
                yield f"{program} {path}", error.read() + str(error.headers).encode()


async def dumps(scene: Scene) -> Pieces:
    """Files that a crash would leave: cores anywhere, the system's own collections of them, its journal."""
    names = ("core", "core.", "vgcore", "hs_err_pid")
    for path in changed_files(scene):
        collected = any(str(path).startswith(where) for where in ("/var/lib/systemd/coredump", "/var/crash", "/cores"))
        if collected or path.name == "core" or path.name.startswith(names[1:]):
            for piece in read_pieces(path):
                yield f"{path}", piece
    with contextlib.suppress(FileNotFoundError):
        shown = subprocess.run(["journalctl", "--since", f"@{int(scene.began)}", "-o", "export"], capture_output=True)
        yield "the journal", shown.stdout


async def in_profile(scene: Scene) -> Pieces:
    """The advocate's browser profile: storage, databases, caches, history, sessions, forms."""
    assert scene.profile is not None, "no path has used the browser"
    async for piece in _files(files_below([scene.profile])):
        yield piece


async def on_wire(scene: Scene) -> Pieces:
    """What the advocate's browser asked for, sent and was named by: addresses, bodies, titles, history."""
    for piece in scene.wire:
        yield "the browser", piece


def memory_of(*programs: str) -> Callable[[Scene], Pieces]:
    """The writable memory of programs."""

    async def look(scene: Scene) -> Pieces:
        for pid, program in family(scene.stack).items():
            if program in programs:
                for piece in read_memory(pid):
                    yield f"{program}: memory", piece

    return look


def read_memory(pid: int) -> Iterator[bytes]:
    """The writable memory of a process. Raises PermissionError where the kernel does not let us look."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_ = line.split()
            start, end = (int(part, 16) for part in place.split("-"))
            while rights.startswith("rw") and start < end:
                with contextlib.suppress(OSError, ValueError, OverflowError):
                    memory.seek(start)
                    yield memory.read(min(end - start, _PIECE))
                start += _PIECE


PLACES: tuple[Place, ...] = (
    Place("files of Porchlight: data, keys, append-only files, temporary files", "files", in_folder),
    Place("logs: standard output and error of every program, the supervisor", "logs", in_logs),
    Place("every file of the machine that was written since the start", "machine", on_machine),
    Place("files held open, deleted and memory-only ones too", "open", open_files),
    Place("environments, command lines, thread names", "proc", surroundings),
    Place("every key and value of store and keys, and what the servers tell", "keys", in_keys),
    Place("metrics and health of every program", "metrics", metrics),
    Place("core dumps, crash collections, the journal", "dumps", dumps),
    Place("the advocate's browser profile", "profile", in_profile),
    Place("what the advocate's browser sent and was titled", "wire", on_wire),
    Place("memory of the store and the keys instance", "mem st", memory_of("store", "keys")),
    # What is typed into its own forms (a name, a password's proof) passes through it; texters' words never do.
    Place("memory of the console", "mem co", memory_of("console"), stated=("console: ",)),
    Place(
        "memory of webhooks, worker, rasa, actions once begun anew",
        "mem new",
        memory_of("webhooks", "worker", "rasa", "actions"),
        last=True,
    ),
)
"""A new place is one line here."""


async def search(scene: Scene, place: Place, finder: Any) -> set[tuple[str, str, str]]:
    """Path, where and shape of every hit in a place."""
    hits = set()
    async for where, piece in place.look(scene):
        hits |= {(path, where, shape) for path, shape in finder.search(piece)}
    return hits
