"""The text of a setting: from the environment, from the file that the environment names, or the default."""

import stat
from collections.abc import Mapping
from pathlib import Path

from app.setting import Setting
from vault.file_modes import is_lent_by_root


def read_text(setting: Setting, environ: Mapping[str, str], mode: str, problems: list[str]) -> str:
    """The setting's text or an empty string; what is wrong with its file goes to ``problems``."""
    text = environ.get(setting.name, "")
    path = environ.get(f"{setting.name}_FILE", "") if setting.secret else ""
    if path and text:
        problems.append(f"{setting.name} and {setting.name}_FILE are both set; keep one")
    elif path:
        return _read_file(setting, Path(path), problems)
    if not text and mode == "practice" and setting.practice_default:
        return setting.practice_default
    return text or setting.default or ""


def find_file_problem(name: str, path: Path) -> str | None:
    """What is wrong with a file that holds a secret: it must be there, and closed to group and others."""
    try:
        found = path.stat()
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return f"{name} is not a file"
    if found.st_mode & 0o077 and not is_lent_by_root(found):
        return f"{name} is open to others; run chmod 600 on it"
    return None


def _read_file(setting: Setting, path: Path, problems: list[str]) -> str:
    name = f"{setting.name}_FILE"
    problem = find_file_problem(name, path)
    text = ""
    if not problem:
        try:
            text = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problem = f"{name} cannot be read: {type(error).__name__}"
    if not problem and not text:
        problem = f"{name} is empty"
    if problem:
        problems.append(problem)
    return text
