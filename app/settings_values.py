"""The text of a setting: from the environment, from the file that the environment names, or the default."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from app.setting import Setting


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
    if found.st_mode & 0o077 and not _is_credential_of_root(found):
        return f"{name} is open to others; run chmod 600 on it"
    return None


def _is_credential_of_root(found: os.stat_result) -> bool:
    # systemd's LoadCredential= shows root:root 0440: the group bit is the mask of an ACL that names our user alone.
    return found.st_uid == found.st_gid == 0 and stat.S_IMODE(found.st_mode) == 0o440


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
