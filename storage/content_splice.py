"""A changed document written into its own text: what did not change keeps its lines, order and comments (G3)."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMES = ("key", "id")

type Dump = Callable[[Any, int], list[str]]
"""A value as lines of block YAML, as wide as may be with so many spaces before each."""


class CannotSplice(Exception):
    """The text is not laid out in blocks, or the change moves what stays."""


def splice(before: str, old: Any, new: Any, dump: Dump) -> str:
    """The text with only those lines written anew that say something else. Raises CannotSplice.

    ``old`` is what the text says. Whoever calls reads the answer again: that it says ``new`` is not promised.
    """
    root, lines = yaml.compose(before, Loader=_LOADER), before.splitlines()
    if root is None or not old:
        raise CannotSplice
    start = root.start_mark.line
    return "\n".join([*lines[:start], *_splice(root, old, new, (lines, start, len(lines)), dump), ""])


def _splice(node: Any, old: Any, new: Any, part: tuple[list[str], int, int], dump: Dump) -> Iterator[str]:
    lines, _, _ = part
    pieces = list(_cut(node, old, part))
    was, now = [name for name, *_ in pieces], _name_all(new)
    kept = [name for name in was if name in now]
    if [*kept, *(name for name in now if name not in was)] != list(now) or not kept:
        raise CannotSplice
    before = _name_all(old)
    column = node.start_mark.column
    last: list[str] = []
    for name, start, own, end, below in pieces:
        if name not in now:
            continue
        if _is_same(before[name], now[name]):
            yield from lines[start:end]
            continue
        yield from lines[start:own]
        if below and _is_block(below, own) and _name_all(before[name]) and _name_all(now[name]):
            first = below.start_mark.line
            yield from lines[own:first]
            yield from _splice(below, before[name], now[name], (lines, first, end), dump)
        else:
            yield from _write(node, name, now[name], column, dump)
    for name in now:
        if name not in was:
            last += _write(node, name, now[name], column, dump)
    yield from last


def _write(node: Any, name: Any, value: Any, column: int, dump: Dump) -> list[str]:
    return dump([value] if isinstance(node, yaml.SequenceNode) else {name: value}, column)


def _cut(node: Any, old: Any, part: tuple[list[str], int, int]) -> Iterator[tuple[Any, int, int, int, Any]]:
    """Name, first line with its comment, its own first line, the line after it, and what stands below it in blocks."""
    lines, start, end = part
    if node.flow_style or len(node.value) != len(_name_all(old)):
        raise CannotSplice
    is_list = isinstance(node, yaml.SequenceNode)
    own = [(one if is_list else one[0]).start_mark.line for one in node.value]
    if sorted(set(own)) != own:
        raise CannotSplice
    # A comment, and the empty line before it, belong to what comes after.
    begins = [start, *(_go_back(lines, at, before) for before, at in itertools.pairwise(own))]
    for place, name in enumerate(_name_all(old)):
        after = begins[place + 1] if place + 1 < len(begins) else end
        yield name, begins[place], own[place], after, None if is_list else node.value[place][1]


def _go_back(lines: list[str], at: int, least: int) -> int:
    while at - 1 > least and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return at


def _is_block(node: Any, own: int) -> bool:
    return isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style and node.start_mark.line > own


def _name_all(value: Any) -> Mapping[Any, Any]:
    """The parts of a value by name: of a mapping, or of a list whose items have names of their own; else none."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        for key in _NAMES:
            named = {item[key]: item for item in value if isinstance(item.get(key), str)}
            if len(named) == len(value):
                return named
    return {}


def _is_same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)
