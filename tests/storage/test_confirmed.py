"""What is sent is confirmed as late as can be: a worker may be frozen after any check, and another send it (X5)."""

from types import SimpleNamespace

import pytest

from connectors.contract import Confirm, SendResult
from connectors.errors import SendError
from hotline.messages import OutboundMessage
from storage.commit import Committer, LeaseLost
from tests.storage.test_sending import Carrier, lane_of, night, sender, take_over

__all__ = ["night"]


async def test_a_worker_that_was_frozen_after_its_mark_asks_again_before_it_sends(night, monkeypatch) -> None:
    carrier, lane, seconds = Carrier(), await lane_of(night), [0.0]
    monkeypatch.setattr("app.send_worker.time", SimpleNamespace(monotonic=lambda: seconds[0]))
    worker = sender(night, carrier)
    marking = worker._mark

    async def freeze(entry):
        mark = await marking(entry)
        await take_over(night)
        seconds[0] += 5
        return mark

    monkeypatch.setattr(worker, "_mark", freeze)
    with pytest.raises(LeaseLost):
        await worker.work_off(lane)
    assert carrier.taken == []


async def test_a_worker_that_is_frozen_while_its_connection_opens_asks_again_before_a_byte_goes(
    night, monkeypatch
) -> None:
    """It marked and began to send; its successor has sent the same when it wakes (X5)."""
    seconds, lane = [0.0], await lane_of(night)
    monkeypatch.setattr("app.send_worker.time", SimpleNamespace(monotonic=lambda: seconds[0]))

    class Opening(Carrier):
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            await take_over(night)
            seconds[0] += 5
            with pytest.raises(SendError) as caught:
                await super().send(message, confirm)
            withheld.append(caught.value.code)
            raise caught.value

    carrier, withheld = Opening(), list[str]()
    with pytest.raises(LeaseLost):
        await sender(night, carrier).work_off(lane)
    assert carrier.taken == [] and withheld == ["withheld"]


async def test_a_connection_that_opens_slowly_every_time_keeps_no_message_back_x5(night, monkeypatch) -> None:
    seconds, lane = [0.0], await lane_of(night)
    monkeypatch.setattr("app.send_worker.time", SimpleNamespace(monotonic=lambda: seconds[0]))

    class Slow(Carrier):
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            seconds[0] += 5
            return await super().send(message, confirm)

    carrier = Slow()
    await sender(night, carrier).work_off(lane)
    assert carrier.taken


async def test_a_store_that_is_away_when_the_bytes_would_go_is_waited_for_x5(night, monkeypatch) -> None:
    seconds, lane = [0.0], await lane_of(night)
    monkeypatch.setattr("app.send_worker.time", SimpleNamespace(monotonic=lambda: seconds[0]))
    mark = Committer.mark_sending

    async def away(committer: Committer, partition: int, identifier: str, at: str) -> bool:
        monkeypatch.setattr(Committer, "mark_sending", mark)
        raise ConnectionError

    class Opening(Carrier):
        tries = 0

        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            self.tries += 1
            if self.tries == 1:
                seconds[0] += 5
                monkeypatch.setattr(Committer, "mark_sending", away)
            return await super().send(message, confirm)

    carrier = Opening()
    await sender(night, carrier).work_off(lane)
    assert carrier.tries == 2 and len(carrier.taken) == 1
