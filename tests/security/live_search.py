"""Looks for words where they must not be: in files, in process environments and command lines, in memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.stack import Stack

PROGRAMS = ("webhooks", "worker", "console", "actions", "rasa", "store", "keys")


def search_files(folders: Iterable[Path], canaries: Iterable[str]) -> list[str]:
    """Files that hold a canary, as "file: canary"."""
    wanted = [canary.encode() for canary in canaries]
    found = []
    for path in _files(folders):
        try:
            content = path.read_bytes()
        except OSError:
            continue
        found += [f"{path}: {canary.decode()}" for canary in wanted if canary in content]
    return found


def search_processes(stack: Stack, canaries: Iterable[str]) -> list[str]:
    """Environments, command lines and deleted open files of our processes that hold a canary."""
    wanted = [canary.encode() for canary in canaries]
    found = []
    for program in PROGRAMS:
        for pid in _family(stack.pids(program)):
            for name in ("environ", "cmdline"):
                content = Path(f"/proc/{pid}/{name}").read_bytes()
                found += [f"{program} {name}: {canary.decode()}" for canary in wanted if canary in content]
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                if handle.is_symlink() and "(deleted)" in str(handle.readlink()):
                    content = handle.read_bytes()
                    found += [f"{program} deleted file: {canary.decode()}" for canary in wanted if canary in content]
    return found


def count_in_memory(pids: Iterable[int], canary: str) -> int:
    """How often a canary stands in the writable memory of processes, in UTF-8 or UTF-16."""
    wanted, count = (canary.encode(), canary.encode("utf-16-le")), 0
    for pid in pids:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for start, end in _writable(pid):
                try:
                    memory.seek(start)
                    held = memory.read(end - start)
                    count += sum(held.count(one) for one in wanted)
                except (OSError, ValueError, OverflowError):
                    continue
    return count


def core_dump_limit(pid: int) -> str:
    """The core file limit of a process, as the kernel tells it."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line.split()[4] for line in lines if line.startswith("Max core file size"))


def _writable(pid: int) -> Iterator[tuple[int, int]]:
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        place, rights, *_ = line.split()
        if rights.startswith("rw"):
            start, end = (int(part, 16) for part in place.split("-"))
            yield start, end


def _family(pids: Iterable[int]) -> list[int]:
    children: list[int] = []
    for pid in pids:
        task = Path(f"/proc/{pid}/task/{pid}/children")
        children += [int(child) for child in task.read_text().split()] if task.exists() else []
    return [*pids, *children]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
