"""Documents of the content as texts: YAML in and out, a name by what they say, and two versions joined (G3)."""

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from hotline.content_merge import Conflict, merge
from hotline.errors import ContentError
from hotline.exchange.hiding import drop_beside_hidden
from storage.content_splice import CannotSplice, splice

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE = 110


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def spell_keys(self, document: dict[Any, Any]) -> yaml.MappingNode:
        """YAML 1.1 reads the keys ``on`` and ``no`` as true and false: people are shown what they wrote."""
        node: yaml.MappingNode = self.represent_dict(document)
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:bool":
                key.value = "on" if key.value == "true" else "no"
        return node


_Dumper.add_representer(dict, _Dumper.spell_keys)


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Signs that break a line without being a newline (U+0085) are lost in any style but this.
    quoted = any(not sign.isprintable() and sign != "\n" for sign in text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


_Dumper.add_representer(str, _represent)


def load_texts(folder: Path) -> Mapping[str, str]:
    """Every YAML file below ``folder`` as it stands, by its path without the ending. Raises ContentError, OSError."""
    try:
        # ``relative_to`` takes longer than reading the file, and a start reads all of them.
        depth = len(folder.parts)
        found = {
            "/".join(path.parts[depth:]).removesuffix(".yml"): path.read_text("utf-8")
            for path in sorted(folder.rglob("*.yml"))
        }
    except UnicodeDecodeError:
        raise ContentError(f"a file of {folder.name} is not UTF-8") from None
    if not found:
        raise ContentError(f"no content in {folder.name}")
    return found


def write_texts(texts: Mapping[str, str], folder: Path) -> None:
    """The documents as files below ``folder``. Raises OSError, and ContentError for a path that leads out of it."""
    for name, text in texts.items():
        path = (folder / f"{name}.yml").resolve()
        if not path.is_relative_to(folder.resolve()):
            raise ContentError("a document's path leads out of the folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def parse_text(name: str, text: str) -> Any:
    """The document of a text. Raises ContentError naming it, and never quoting it."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  # a safe loader, the fast one where there is one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(f"{name}: not readable as YAML ({type(error).__name__})") from None


def parse_texts(texts: Mapping[str, str]) -> dict[str, Any]:
    """Every document by its path. Raises ContentError."""
    return {name: parse_text(name, text) for name, text in texts.items()}


def write_document(document: Any, before: str = "") -> str:
    """A document as YAML, with the lines and comments of the text before wherever it says the same.

    Where that cannot be, below the comment at the head of the text before; comments further down are lost.
    """
    with contextlib.suppress(CannotSplice, yaml.YAMLError, ContentError):
        spliced = splice(before, parse_text("", before), document, _dump_block)
        if repr(parse_text("", spliced)) == repr(document):
            return spliced
    lines = before.splitlines()
    head = lines[: next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))]
    said = _dump(document, _LINE)
    return "\n".join([*head, said]) if head else said


def _dump(document: Any, width: int) -> str:
    said: str = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width)
    return said


def _dump_block(value: Any, column: int) -> list[str]:
    return [" " * column + line if line else "" for line in _dump(value, _LINE - column).splitlines()]


def forget_kept(texts: Mapping[str, str | None]) -> dict[str, str | None]:
    """The texts without records from elsewhere that stand beside a confidential place (D4). Raises ContentError."""
    found = dict(texts)
    for path, text in texts.items():
        # Most documents hold none; only those that might are parsed.
        if text is not None and path.startswith("directory/") and "hsds" in text:
            document = parse_text(path, text)
            bare = drop_beside_hidden(document)
            found[path] = text if bare is document else write_document(bare, text)
    return found


def name_text(text: str) -> str:
    """32 hex digits of what a text says."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def merge_texts(
    base: Mapping[str, str | None], ours: Mapping[str, str | None], theirs: Mapping[str, str | None]
) -> tuple[dict[str, str | None], tuple[Conflict, ...]]:
    """Three-way for whole documents by path, entry by entry where both sides changed one; None is not there.

    A document that one side alone changed keeps that side's text, comments and all. In a conflict ours stands.
    Raises ContentError for a text that is not YAML.
    """
    merged: dict[str, str | None] = {}
    conflicts: list[Conflict] = []
    for path in sorted({*base, *ours, *theirs}):
        was, our, their = base.get(path), ours.get(path), theirs.get(path)
        if their in (our, was):
            merged[path] = our
        elif our == was:
            merged[path] = their
        else:
            states = [None if text is None else parse_text(path, text) for text in (was, our, their)]
            joined = merge(*states)
            conflicts += [replace(one, path=path) for one in joined.conflicts]
            merged[path] = _write_joined(joined.document, {our: states[1], their: states[2]})
    return merged, tuple(conflicts)


def _write_joined(document: Any, known: Mapping[str | None, Any]) -> str | None:
    """One of the known texts if it says just this, so that its comments stay."""
    for text, state in known.items():
        if state == document:
            return text
    first = next((text for text in known if text), "")
    return write_document(document, first or "")
