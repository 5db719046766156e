"""Reading a content record strictly: every error names the place in the file and never repeats what stood there."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hotline.errors import ContentError

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
FIELD = re.compile(r"[a-z_]{1,40}")


class Record:
    """One mapping of a content file and where it stands.

    Readers return the value or raise ContentError naming ``where`` and the key, so that a secret address in the
    wrong field is refused without being printed (D4).
    """

    __slots__ = ("data", "where")

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, Mapping):
            raise ContentError(f"{where}: expected a mapping")
        self.data: Mapping[str, Any] = data
        self.where = where

    def refuse(self, key: str, wanted: str) -> ContentError:
        """The error for a value that is not as wanted; the caller raises it."""
        return ContentError(f"{self.where}: {key} must be {wanted}")

    def allow(self, keys: Collection[str]) -> None:
        """Refuse any key outside ``keys``: a misspelt field is an error, not a silent nothing."""
        for key in self.data:
            if key not in keys:
                shown = f"field {key}" if isinstance(key, str) and FIELD.fullmatch(key) else "a field"
                raise ContentError(f"{self.where}: {shown} is not known here; known are {', '.join(sorted(keys))}")

    def has(self, key: str) -> bool:
        """True if the key holds anything but null."""
        return self.data.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """A non-empty string; ``default`` stands in when the key is missing or null."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "text (in quotes if it is a number)")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty if the key is missing."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.refuse(key, "a list of texts")
        return tuple(value)

    def number(self, key: str) -> int | None:
        """A whole number, or None if missing or null."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.refuse(key, "a whole number")
        return value

    def seconds(self, key: str) -> int:
        """A length in seconds above zero."""
        value = self.number(key)
        if not value:
            raise self.refuse(key, "a number of seconds above zero")
        return value

    def flag(self, key: str) -> bool | None:
        """True, False, or None for ``unknown``; the key must be there, since silence is not an answer (D5)."""
        value = self.data.get(key)
        if value == "unknown":
            return None
        if not isinstance(value, bool):
            raise self.refuse(key, "true, false or unknown")
        return value

    def switch(self, key: str, default: bool) -> bool:
        """True or False; ``default`` if missing."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false")
        return value

    def date(self, key: str) -> datetime.date | None:
        """A date, or None if missing or null."""
        value = self.data.get(key)
        if value is None or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
            return value
        raise self.refuse(key, "a date (year-month-day)")

    def clock(self, key: str) -> str:
        """A time of day as HH:MM, 24:00 included."""
        value = self.text(key)
        if not CLOCK.fullmatch(value):
            raise self.refuse(key, "a time as HH:MM")
        return value

    def record(self, key: str) -> "Record":
        """The mapping below a key."""
        return Record(self.data.get(key), f"{self.where}/{key}")

    def records(self, key: str) -> tuple["Record", ...]:
        """The mappings in the list below a key, none if missing."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self.refuse(key, "a list")
        return tuple(Record(item, f"{self.where}/{key}[{place}]") for place, item in enumerate(value))

    def entries(self, key: str) -> Iterator[tuple[str, "Record"]]:
        """The named mappings below a key."""
        for name in self.record(key).data:
            yield name, Record(self.record(key).data[name], f"{self.where}/{key}/{name}")

    def spoken(self, key: str, languages: Collection[str] = ("en", "es")) -> Mapping[str, str]:
        """A text in every language of ``languages`` (V9)."""
        words = self.record(key)
        return {language: words.text(language) for language in languages}


def get_document(documents: Mapping[str, Any], name: str) -> Record:
    """The content file of that name as a record. Raises ContentError if it is missing."""
    if name not in documents:
        raise ContentError(f"{name}: this content file is missing")
    return Record(documents[name], name)
