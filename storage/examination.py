"""Looks at a Redis-protocol instance as an operator may: is it durable, has it room, are its users confined."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.connection import Store, StoreError

_DENIED = ("NOPERM", "no permission", "permissions")


@dataclass(frozen=True, slots=True)
class InstanceState:
    """What an instance says of itself. ``fields`` are those of INFO."""

    fields: Mapping[str, str]

    def number(self, name: str) -> int:
        """A figure; 0 where the server does not know it."""
        text = self.fields.get(name, "0")
        return int(text) if text.isdecimal() else 0

    @property
    def version(self) -> tuple[int, ...]:
        """Of the protocol's server, such as (7, 2, 4)."""
        found = self.fields.get("redis_version", "0").split(".")
        return tuple(int(part) for part in found if part.isdecimal())


async def read_state(store: Store) -> InstanceState:
    """INFO as text fields. Raises StoreError."""
    answer = await store.call("INFO")
    if isinstance(answer, Mapping):
        return InstanceState({str(name): str(value) for name, value in answer.items()})
    lines = (line.partition(":") for line in answer.decode("utf-8", "replace").splitlines())
    return InstanceState({name: value.strip() for name, colon, value in lines if colon})


async def is_confined(store: Store) -> bool:
    """True if this user may not read the server's configuration, as no program of ours may. Raises StoreError."""
    try:
        await store.call("CONFIG", "GET", "maxmemory-policy")
    except StoreError as error:
        if any(word in str(error) for word in _DENIED):
            return True
        raise
    return False
