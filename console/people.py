"""People over the accounts: what an administrator sees of them, and what may be changed (A6, A7)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on our side: no way to reach them, nothing of what they read.

    ``state`` is invited, active or suspended. ``training`` is course to the last day on which it is valid.
    ``check_number`` is what two people read to each other to be sure of a reader key; empty if there is none.
    """

    name: str
    alias: str
    roles: tuple[str, ...]
    language: str
    state: str
    training: Mapping[str, date]
    check_number: str


class AccountRows(Protocol):
    """The accounts' own methods that this needs; rows have name, alias, roles, language, state, training, public."""

    async def list_all(self) -> Sequence[Any]:
        """Every account, by name."""

    async def find(self, name: str) -> Any:
        """One account, or None."""

    async def create_invitation(self, name: str, roles: Sequence[str], language: str, by: str) -> str:
        """A token that lets one person join once. Raises ValueError for a name that is taken or not an alias."""

    async def set_roles(self, name: str, roles: Sequence[str]) -> None:
        """Replaces the roles."""

    async def suspend(self, name: str) -> None:
        """Ends every login at once and lets nobody in until restored."""

    async def restore(self, name: str) -> None:
        """Lets them in again."""

    async def reset(self, name: str) -> None:
        """Takes key, password and passkeys away."""

    async def set_training(self, name: str, dates: Mapping[str, str]) -> None:
        """Replaces the dates."""

    async def refresh_reader(self, name: str) -> None:
        """Puts them on the roster of readers, or takes them off."""


class AccountPeople:
    """``console.ports.People`` over the accounts.

    ``forget``: what else goes with a reset, by name: their ways to be paged and their shifts.
    """

    def __init__(
        self,
        accounts: AccountRows,
        build_check_number: Callable[[bytes], str],
        forget: Sequence[Callable[[str], Awaitable[None]]] = (),
    ) -> None:
        self._accounts = accounts
        self._build_check_number = build_check_number
        self._forget = tuple(forget)

    async def list_people(self) -> Sequence[Person]:
        """Everybody, by name."""
        return [self._build(account) for account in await self._accounts.list_all()]

    async def find_person(self, name: str) -> Person | None:
        """One of them, or None."""
        account = await self._accounts.find(name)
        return self._build(account) if account else None

    async def create_invitation(self, name: str, roles: tuple[str, ...], language: str, by: str) -> str:
        """A token that is shown once and expires. Raises ValueError for a name that is taken or not an alias."""
        return await self._accounts.create_invitation(name, roles, language, by)

    async def put_roles(self, name: str, roles: tuple[str, ...]) -> None:
        """Replaces the roles."""
        await self._accounts.set_roles(name, roles)

    async def suspend(self, name: str) -> None:
        """Ends every login at once and lets nobody in until restored."""
        await self._accounts.suspend(name)

    async def restore(self, name: str) -> None:
        """Lets them in again."""
        await self._accounts.restore(name)

    async def reset(self, name: str, by: str) -> str:
        """Takes key, password, passkeys, ways to be paged and shifts away; the token of a new invitation.

        Raises ValueError for no such name.
        """
        account = await self._accounts.find(name)
        if account is None:
            raise ValueError("nobody has that name")
        await self._accounts.reset(name)
        for forget in self._forget:
            await forget(name)
        return await self._accounts.create_invitation(name, account.roles, account.language, by)

    async def set_training(self, name: str, course: str, valid_until: date | None) -> None:
        """Keeps a date, or forgets it."""
        account = await self._accounts.find(name)
        if account is None:
            return
        dates = {other: day for other, day in account.training.items() if other != course}
        if valid_until:
            dates[course] = valid_until.isoformat()
        await self._accounts.set_training(name, dates)

    async def refresh_reader(self, name: str) -> None:
        """Puts them on the roster of readers, or takes them off."""
        await self._accounts.refresh_reader(name)

    def _build(self, account: Any) -> Person:
        return Person(
            name=account.name,
            alias=account.alias,
            roles=tuple(account.roles),
            language=account.language,
            state=account.state,
            training={course: date.fromisoformat(day) for course, day in account.training.items()},
            check_number=self._build_check_number(account.public) if account.public else "",
        )
