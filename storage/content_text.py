"""A content document as the YAML text of its file: what is read back is what was written (G3)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_WIDTH = 120


def dump_document(document: Mapping[str, Any], before: str = "") -> str:
    """The document as YAML, in the order in which it stands. ``before``: its file's text; the comment on top stays."""
    text = yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return "".join(f"{line}\n" for line in _list_head(before)) + text


def write_documents(folder: Path, documents: Mapping[str, Any], content: Path) -> list[Path]:
    """Writes each document below a new or empty folder, with the comment on top of its file below ``content``.

    Raises FileExistsError if something is in the folder, or another OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder.name} is not empty; name a new folder")
    paths = []
    for name, document in documents.items():
        path, there = folder / f"{name}.yml", content / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_document(document, there.read_text("utf-8") if there.is_file() else ""), "utf-8")
        paths.append(path)
    return paths


class _Plain(yaml.SafeDumper):
    """Writes a list or mapping out each time that it occurs: no reader should have to follow references."""

    # The key ``on`` of a review is read as true by YAML 1.1, and written so that it is read as true again.
    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Signs that break a line without being a newline (U+0085) are lost in any style but this.
    quoted = any(not sign.isprintable() and sign != "\n" for sign in text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


_Plain.add_representer(str, _represent)


def _list_head(text: str) -> list[str]:
    head = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        head.append(line)
    return head
