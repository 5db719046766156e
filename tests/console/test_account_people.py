"""People over the accounts: A6, A7."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from console.people import AccountPeople


@dataclass(frozen=True)
class Row:
    name: str
    alias: str = "Robin"
    roles: tuple[str, ...] = ("advocate",)
    language: str = "es"
    state: str = "active"
    training: Mapping[str, str] = field(default_factory=dict)
    public: bytes | None = None


class Rows:
    """Accounts with the methods that the store's have."""

    def __init__(self, *rows: Row) -> None:
        self.rows = {row.name: row for row in rows}

    async def list_all(self) -> Sequence[Row]:
        return list(self.rows.values())

    async def find(self, name: str) -> Row | None:
        return self.rows.get(name)

    async def create_invitation(self, name: str, roles: Sequence[str], language: str, by: str) -> str:
        if name in self.rows and self.rows[name].state != "invited":
            raise ValueError("taken")
        return f"{name} {','.join(roles)} {language} {by}"

    async def set_roles(self, name: str, roles: Sequence[str]) -> None:
        self.rows[name] = replace(self.rows[name], roles=tuple(roles))

    async def suspend(self, name: str) -> None:
        self.rows[name] = replace(self.rows[name], state="suspended")

    async def restore(self, name: str) -> None:
        self.rows[name] = replace(self.rows[name], state="active")

    async def reset(self, name: str) -> None:
        self.rows[name] = replace(self.rows[name], state="invited", public=None)

    async def set_training(self, name: str, dates: Mapping[str, str]) -> None:
        self.rows[name] = replace(self.rows[name], training=dates)

    async def refresh_reader(self, name: str) -> None:
        self.refreshed = name


def build(*rows: Row) -> tuple[AccountPeople, Rows]:
    accounts = Rows(*rows)
    return AccountPeople(accounts, lambda public: public.hex()), accounts


async def test_a_person_has_dates_and_the_check_number_of_their_key() -> None:
    people, _ = build(Row("robin", training={"overdose": "2027-01-02"}, public=b"\x0a\x0b"), Row("luz"))
    robin, luz = await people.list_people()
    assert robin.training == {"overdose": date(2027, 1, 2)}
    assert (robin.check_number, luz.check_number) == ("0a0b", "")
    assert await people.find_person("luz") == luz
    assert await people.find_person("nobody") is None


async def test_one_training_date_changes_and_the_others_stay() -> None:
    people, accounts = build(Row("robin", training={"overdose": "2027-01-02", "csec_101": "2027-01-02"}))
    await people.set_training("robin", "overdose", date(2028, 1, 2))
    assert accounts.rows["robin"].training == {"overdose": "2028-01-02", "csec_101": "2027-01-02"}
    await people.set_training("robin", "overdose", None)
    assert accounts.rows["robin"].training == {"csec_101": "2027-01-02"}
    await people.set_training("nobody", "overdose", None)


async def test_a_reset_ends_in_a_new_invitation_with_the_same_roles_and_language() -> None:
    people, accounts = build(Row("robin", roles=("advocate", "supervisor"), public=b"x"))
    assert await people.reset("robin", "ada") == "robin advocate,supervisor es ada"
    assert accounts.rows["robin"].public is None
    with pytest.raises(ValueError, match="nobody"):
        await people.reset("nobody", "ada")


async def test_a_reset_has_everything_else_of_that_person_forgotten_before_the_invitation() -> None:
    seen: list[tuple[str, str, bytes | None]] = []
    accounts = Rows(Row("robin", public=b"x"))

    def build_forget(what: str) -> Callable[[str], Awaitable[None]]:
        async def forget(name: str) -> None:
            seen.append((what, name, accounts.rows[name].public))

        return forget

    people = AccountPeople(accounts, bytes.hex, [build_forget("ways"), build_forget("shifts")])
    await people.suspend("robin")
    assert seen == []
    await people.reset("robin", "ada")
    assert seen == [("ways", "robin", None), ("shifts", "robin", None)]


async def test_roles_and_states_are_the_accounts_own() -> None:
    people, accounts = build(Row("robin"))
    await people.put_roles("robin", ("admin",))
    await people.suspend("robin")
    assert (accounts.rows["robin"].roles, accounts.rows["robin"].state) == (("admin",), "suspended")
    await people.restore("robin")
    assert accounts.rows["robin"].state == "active"
    await people.refresh_reader("robin")
    assert accounts.refreshed == "robin"
    with pytest.raises(ValueError, match="taken"):
        await people.create_invitation("robin", ("advocate",), "en", "ada")
