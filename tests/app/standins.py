"""The catalog of the supervisor's tests: the real programs' names and places, tiny stand-ins for their code."""

from dataclasses import replace
from pathlib import Path

from app.programs import PROGRAMS

_COMMAND = ("{python}", "-m", "tests.app.programs.standin")


def _standin(program):
    names = tuple(f"PORCHLIGHT_{attribute.upper()}" for attribute in program.binds)
    arguments = ("{port}",) if program.name == "rasa" else names
    return replace(program, command=(*_COMMAND, *arguments), passes=(*program.passes, "STANDIN_*"))


STANDINS = {name: _standin(program) for name, program in PROGRAMS.items()}


def is_alive(pid):
    """True for a process that runs, false for one that is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def processes_mentioning(text):
    """Process ids whose command line or environment holds ``text``."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and is_alive(folder.name):
            try:
                if text.encode() in (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found
