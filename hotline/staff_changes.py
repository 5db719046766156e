"""Who may change whom: nobody changes their own account, and an administrator always remains (A6)."""

from collections.abc import Iterable
from typing import Literal

ADVOCATE, ADMIN = "advocate", "admin"

type Refusal = Literal["own_account", "last_admin"]


def find_refusal(actor: str, name: str, *, stays_admin: bool, active_admins: Iterable[str]) -> Refusal | None:
    """Why ``actor`` must not change the account ``name``, or None.

    Nobody grants themself a role, a training date or a new key: a second administrator does it, so that no single
    person who runs the service can also read it unseen. ``stays_admin``: True if the account is an administrator who
    can log in after the change, too.
    """
    if actor == name:
        return "own_account"
    if not stays_admin and not set(active_admins) - {name}:
        return "last_admin"
    return None
