"""A secret that cannot print."""

import hmac
from typing import Never

_SHOWN = "**********"


class Secret:
    """A secret value: every way of printing it shows stars; ``reveal()`` is the one way to the text.

    An absent secret is false, and revealing it raises LookupError, so that an empty string never serves as a key (X3).
    """

    __slots__ = ("_name", "_value")

    def __init__(self, value: str, name: str = "secret") -> None:
        self._value = value
        self._name = name

    def reveal(self) -> str:
        """The text. Raises LookupError if this program was not given it."""
        if not self._value:
            raise LookupError(f"{self._name} was not given to this program")
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        return f"Secret({_SHOWN!r})"

    def __str__(self) -> str:
        return _SHOWN

    def __format__(self, spec: str) -> str:
        return format(_SHOWN, spec)

    def __reduce__(self) -> Never:
        raise TypeError("a secret cannot be pickled")
