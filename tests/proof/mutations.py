"""Leaks to put in, each of which the proof must find: ``python -m tests.proof.mutations`` (``make prove-mutations``).

Every one is a change of one file (``old`` to ``new``) in a copy of the tree, the paths that meet it and the places
where it shows. The shortest part of the proof that should see it runs there and must be red.
"""
# ruff: noqa: E501 - a leak is easier to read as the lines that it is

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LINKED = (".venv", "bot/engine/.venv", "bot/models")
_WHOLE = "tests/proof/test_whole_proof.py"


@dataclass(frozen=True)
class Leak:
    """``paths`` and ``places`` are beginnings of names, as ids of tests have them."""

    name: str
    file: str
    old: str
    new: str
    paths: tuple[str, ...]
    places: tuple[str, ...]
    tests: str = _WHOLE

    def selection(self) -> str:
        """What pytest's ``-k`` is told."""
        if not self.paths:
            return " or ".join(self.places)
        walks = " or ".join(f"({' and '.join(path.split())})" for path in self.paths)
        looks = " or ".join(f"[{place}]" for place in self.places)
        return f"(test_path and ({walks})) or test_the_browser_is_closed or (test_place and ({looks}))"


LEAKS: tuple[Leak, ...] = (
    Leak("the worker logs the text", "app/turn_worker.py",
         '        self._world.watch.step("decided")\n', '        self._world.watch.step("decided")\n        import sys\n        sys.stderr.write(f"heard {texts}\\n")\n',
         ("keyword sms",), ("logs",)),
    Leak("an exception carries the text into a log", "app/logging.py",
         '        error = record.exc_info[1] if record.exc_info else None\n', '        error = record.exc_info[1] if record.exc_info else None\n        sys.stderr.write(f"{error}\\n")\n',
         ("webhooks raise SmsConnector.parse",), ("logs",)),
    Leak("a debug print in an action", "bot/actions/action_find_place.py",
         '        wanted, now = read_wanted(tracker), read_now(tracker)\n', '        wanted, now = read_wanted(tracker), read_now(tracker)\n        print(tracker.latest_message)\n',
         ("place sms",), ("logs",)),
    Leak("a metric is labelled with the address", "app/send_worker.py",
         'self._world.watch.sent(message.channel, outcome, seconds)', 'self._world.watch._metrics._built["porchlight_sends"].labels(message.channel, message.address).inc()',
         ("keyword telegram",), ("metrics",)),
    Leak("the text stands in a store key", "app/outcome_writes.py",
         '    _write_messages(world, writes, moment, outcome)\n', '    _write_messages(world, writes, moment, outcome)\n    for text in moment.heard:\n        writes.add("SET", f"seen:{text}", 1)\n',
         ("keyword sms",), ("keys", "files", "mem")),
    Leak("a session is kept unsealed, packed and in base64", "storage/records.py",
         '"session": key.seal(Purpose.SESSION, _session_json(c.session)),',
         '"session": key.seal(Purpose.SESSION, _session_json(c.session)), "packed": __import__("base64").b64encode(__import__("gzip").compress(_session_json(c.session))),',
         ("keyword sms",), ("keys",)),
    Leak("rasa's tracker goes to a file", "bot/engine/turns.py",
         '        turn = _TURNS.get(tracker.sender_id)\n        if turn is not None:\n            turn.tracker', '        turn = _TURNS.get(tracker.sender_id)\n        import pathlib, tempfile\n        pathlib.Path(tempfile.gettempdir(), "tracker").write_text(repr([e.as_dict() for e in tracker.events]))\n        if turn is not None:\n            turn.tracker',
         ("chat sms",), ("files",)),
    Leak("an unsent reply stands in a URL query", "console/static/beside.js",
         '  box.addEventListener("input", update);\n', '  box.addEventListener("input", update);\n  box.addEventListener("input", () => fetch(`/healthz?draft=${encodeURIComponent(box.value)}`));\n',
         ("advocate types does",), ("wire",)),
    Leak("the console writes the words to localStorage", "console/static/opening.js",
         '    this.textContent = words;\n', '    this.textContent = words;\n    localStorage.setItem("last", words);\n',
         ("advocate reads sms",), ("profile",)),
    Leak("webhooks keep the body in a deleted temporary file", "app/webhooks.py",
         '        webhook = WebhookRequest(self._url(request), headers, body)\n', '        webhook = WebhookRequest(self._url(request), headers, body)\n        import tempfile\n        file = self.kept = tempfile.TemporaryFile()\n        file.write(body)\n        file.flush()\n',
         ("keyword sms",), ("open",)),
    Leak("webhooks print a body that they cannot read", "app/webhooks.py",
         '            outcome = "unreadable"\n', '            outcome = "unreadable"\n            print(body)\n',
         ("unreadable telegram",), ("logs",)),
    Leak("the worker keeps the last text in shared memory", "app/turn_worker.py",
         '        self._world.watch.step("decided")\n', '        self._world.watch.step("decided")\n        from pathlib import Path\n        Path("/dev/shm/porchlight-mutation").write_text("\\n".join(texts), "utf-16")\n',
         ("waiting sms",), ("machine",)),
    Leak("the worker names its thread after the texter", "app/turn_worker.py",
         '        self._world.watch.step("decided")\n', '        self._world.watch.step("decided")\n        import ctypes\n        ctypes.CDLL(None).prctl(15, message.address.encode())\n',
         ("keyword telegram",), ("proc",)),
    Leak("the core limit is lifted", "app/launch.py",
         '    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n', '    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n',
         (), ("core_dump",), "tests/proof/test_confined.py"),
    Leak("a program can be dumped and looked into", "vault/memory.py",
         'prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)', 'prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)',
         (), ("tells_the_kernel",), "tests/proof/test_confined.py"),
    Leak("actions log an error as the library does", "bot/actions/__main__.py",
         '    silence_words()\n', '    pass\n',
         ("actions raise _read_call",), ("logs",)),
)  # fmt: skip
"""A new leak is one row here."""


def apply(leak: Leak, tree: Path) -> None:
    """Puts a leak into a tree. Raises ValueError if its place is no longer there."""
    path = tree / leak.file
    text = path.read_text("utf-8")
    if text.count(leak.old) != 1:
        raise ValueError(f"{leak.name}: {leak.file} has changed; say anew where the leak goes")
    path.write_text(text.replace(leak.old, leak.new), "utf-8")


def copy_tree(target: Path) -> None:
    """The tracked and new files of this tree, with its environments and model linked."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith(_LINKED):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in _LINKED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).symlink_to((ROOT / name).resolve())


def is_found(leak: Leak, tree: Path) -> tuple[bool, str]:
    """Whether the proof goes red for a leak, and its last line."""
    apply(leak, tree)
    command = [
        str(ROOT / ".venv/bin/python"),
        "-m",
        "pytest",
        "-q",
        "-m",
        "",
        "-p",
        "no:cacheprovider",
        "--tb=no",
        leak.tests,
        "-k",
        leak.selection(),
    ]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
    lines = done.stdout.strip().splitlines()
    seen = any("FOUND" in line or (not leak.paths and line.startswith("FAILED")) for line in lines)
    return done.returncode == 1 and seen, lines[-1] if lines else done.stderr[-200:]


def main(wanted: list[str]) -> int:
    """Every leak, or those whose names hold one of ``wanted``; 0 if each was found."""
    missed = 0
    for leak in LEAKS:
        if wanted and not any(part in leak.name for part in wanted):
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="porchlight-leak-") as folder:
            copy_tree(Path(folder))
            found, last = is_found(leak, Path(folder))
        missed += not found
        print(
            f"{'found' if found else 'MISSED'}  {leak.name} ({leak.file}, {time.monotonic() - began:.0f} s): {last}",
            flush=True,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
