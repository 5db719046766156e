"""How much an address asked for, as it is kept: seven whole numbers under its keyed hash (D6)."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from hotline.pace import Pace

_FIELDS = tuple(one.name for one in fields(Pace))


def pace_fields(pace: Pace) -> list[str | int]:
    """Field, value, field, value."""
    return [part for item in asdict(pace).items() for part in item]


def parse_pace(flat: Sequence[bytes]) -> Pace:
    """The pace of such fields; none are a pace that begins."""
    numbers = {name.decode(): int(value) for name, value in zip(flat[::2], flat[1::2], strict=True)}
    return Pace(**{name: numbers[name] for name in _FIELDS if name in numbers})
