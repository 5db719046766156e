"""Nobody is paged who may not come in: suspended, reset, or only invited (A6)."""

import pytest

from storage.contacts import BROWSER, PHONE
from storage.page_queue import CODE, TEST
from tests.paging.conftest import Night


@pytest.mark.parametrize("out", ["suspended", "reset"])
async def test_nobody_who_is_out_is_paged_on_any_rung_and_the_next_rung_is(night: Night, out: str) -> None:
    """A6: planned, with a proved way and the console open a moment ago, and yet not one of us now."""
    for name, duty in (("robin", "on_shift"), ("luz", "on_call"), ("boss", "supervisor")):
        await night.hire(name, BROWSER, PHONE, roles=("advocate", "supervisor"))
        await night.plan(name, duty)
        await night.world.paging.presence.set_present(name, 30)
    await night.hire("sam", BROWSER, roles=("supervisor",))
    accounts = night.world.paging.accounts
    for name in ("robin", "luz", "boss"):
        await (accounts.suspend(name) if out == "suspended" else accounts.reset(name))
        await night.world.paging.queue.ask(TEST, name)
    await night.page("on_shift")
    assert [push["subscription"] for push in await night.pushes()] == ["sam"]
    assert await night.received("sms") == []
    alert = await night.world.paging.queue.find_alert()
    assert alert is not None and alert.reached == "supervisor"


async def test_who_is_let_in_again_is_paged_again(night: Night) -> None:
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    for act in (night.world.paging.accounts.suspend, night.world.paging.accounts.restore):
        await act("robin")
    await night.page("on_call")
    assert len(await night.pushes("robin")) == 1


async def test_a_code_is_not_sent_to_who_is_out(night: Night) -> None:
    await night.hire("robin")
    contacts = night.world.paging.contacts
    way = await contacts.add("robin", PHONE, night.address("robin", PHONE), night.clock.now(), proved=False)
    await contacts.create_proof(way)
    await night.world.paging.accounts.suspend("robin")
    await night.world.paging.queue.ask(CODE, "robin", way.id)
    await night.work()
    assert await night.received("sms") == []
