"""The breakdown of a message's processor time, as ``benchmarks/breakdown.json`` gives it: stages and their ms."""

from collections.abc import Iterator, Mapping
from typing import Any


def describe_breakdown(part: Mapping[str, Any]) -> Iterator[str]:
    """A row for each number of the file, the largest first within its group; a group is an object of numbers."""
    plain = {name: value for name, value in part.items() if _is_number(value)}
    groups = {name: value for name, value in part.items() if isinstance(value, Mapping)}
    if plain:
        yield from _table("stage", plain)
    for name, group in groups.items():
        numbers = {stage: value for stage, value in group.items() if _is_number(value)}
        if numbers:
            yield ""
            yield from _table(name.replace("_", " "), numbers)


def _table(name: str, rows: Mapping[str, float]) -> Iterator[str]:
    yield f"| {name} | ms |"
    yield "|---|---|"
    for stage, value in sorted(rows.items(), key=lambda row: -row[1]):
        yield f"| {stage} | {value:.2f} |"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
