"""What may be asked of the read API, as data: its parameters are read, checked and described from one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import QueryParams

MOST_PER_PAGE = 100
_USUAL_PER_PAGE = 50
_LAST_PAGE = 1_000_000
_LONGEST = 200


class BadQuestion(ValueError):
    """A parameter that is not known here or cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """How one parameter is read, and its schema in OpenAPI."""

    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    help: str
    default: Any = None


def _read_count(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
            raise ValueError
        return int(text)

    return read


def _read_flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _read_time(text: str) -> datetime:
    # A plus sign that was not escaped arrives as a space.
    moment = datetime.fromisoformat(text.replace(" ", "+") if len(text) > 19 else text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_text(text: str) -> str:
    if not text or len(text) > _LONGEST:
        raise ValueError
    return text


def _count(most: int, usual: int) -> Mapping[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}


_TEXT = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
_FLAG = {"type": "boolean", "default": False}
_TIME = {"type": "string", "format": "date-time"}

PARAMETERS: Mapping[str, Parameter] = {
    "page": Parameter(_read_count(_LAST_PAGE), _count(_LAST_PAGE, 1), "Which page.", 1),
    "per_page": Parameter(
        _read_count(MOST_PER_PAGE), _count(MOST_PER_PAGE, _USUAL_PER_PAGE), "Records on a page.", _USUAL_PER_PAGE
    ),
    "search": Parameter(_read_text, _TEXT, "Words in the name, the description or the organization."),
    "taxonomy_term_id": Parameter(_read_text, _TEXT, "Places that help with this."),
    "taxonomy_id": Parameter(_read_text, _TEXT, "Places, or terms, of this taxonomy."),
    "organization_id": Parameter(_read_text, _TEXT, "Places of this organization."),
    "modified_after": Parameter(
        _read_time,
        _TIME,
        "Places that have been as they are since this moment or later. What is gone is not told: compare the ids.",
    ),
    "minimal": Parameter(_read_flag, _FLAG, "Only id and last_modified.", False),
    "full": Parameter(_read_flag, _FLAG, "Everything nested.", False),
}


def read_query(given: QueryParams, allowed: tuple[str, ...]) -> dict[str, Any]:
    """The parameters of a request, defaults filled in.

    Raises BadQuestion for one that is not of this page, given twice, or not as described: a filter that is not
    understood must not look as if it had been used.
    """
    unknown = set(given) - set(allowed)
    if unknown:
        raise BadQuestion(f"known here are: {', '.join(allowed) or 'no parameters'}")
    found = {}
    for name in allowed:
        parameter = PARAMETERS[name]
        said = given.getlist(name)
        try:
            found[name] = parameter.read(said[0]) if said else parameter.default
            if len(said) > 1:
                raise ValueError
        except (ValueError, OverflowError):
            raise BadQuestion(f"{name} is not as described") from None
    return found
