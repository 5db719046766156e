"""Who may change whom: A6."""

import pytest

from hotline.staff_changes import find_refusal


@pytest.mark.parametrize("stays_admin", [True, False])
def test_nobody_changes_their_own_account(stays_admin: bool) -> None:
    found = find_refusal("ada", "ada", stays_admin=stays_admin, active_admins=["ada", "max"])
    assert found == "own_account"


def test_the_last_administrator_stays() -> None:
    assert find_refusal("ada", "max", stays_admin=False, active_admins=["max"]) == "last_admin"
    assert find_refusal("ada", "max", stays_admin=False, active_admins=["ada", "max"]) is None
    assert find_refusal("ada", "max", stays_admin=True, active_admins=["max"]) is None
