"""What a child process is told: its own settings and nothing else; secrets by file, never by command line (P1)."""

from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from app.bare_environment import build_bare_environment
from app.embedded_store import write_private
from app.settings_table import SETTINGS


def build_environment(program: str, source: Mapping[str, str], passes: tuple[str, ...], folder: Path) -> dict[str, str]:
    """The environment of one process: an allow-list out of ``source``.

    Secrets are written to files in ``folder`` (0700, files 0600) and named by ``NAME_FILE``. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = build_bare_environment()
    for setting in SETTINGS.values():
        if not setting.is_for(program):
            continue
        if setting.secret:
            environment.update(_hand_over(setting.name, source, folder))
        elif source.get(setting.name):
            environment[setting.name] = source[setting.name]
    environment.update({name: value for name, value in source.items() if any(fnmatch(name, mask) for mask in passes)})
    return environment


def _hand_over(name: str, source: Mapping[str, str], folder: Path) -> dict[str, str]:
    if value := source.get(name):
        path = folder / name
        write_private(path, value)
        return {f"{name}_FILE": str(path)}
    given = source.get(f"{name}_FILE")
    return {f"{name}_FILE": given} if given else {}
