"""Pages staff: "someone is waiting" and nothing else, by all their ways at once, up the ladder (H3).

An entry stays in its stream until it is worked off, so a page outlives a crash; what has gone out by then is noted, so
that it is not sent twice. The repeat after a minute is not made here: it is the hand-off's deadline.
"""

import asyncio
from collections.abc import Iterable, Sequence

from app.lanes import Lane
from app.page_sender import PageSender
from app.rounds import Rounds
from app.world import World
from hotline.shifts import ON_CALL, ON_SHIFT, SUPERVISOR, Shift, find_on_duty, list_higher
from storage.accounts import Account
from storage.commit import LeaseLost, Writes
from storage.connection import StoreError
from storage.contacts import Way
from storage.page_queue import CODE, LINKED, RUNG, TEST, Alert
from storage.streams import Entry

_PAGED_SECONDS = 600


class Pager:
    """Works off the pages of one lane. Raises LeaseLost and StoreError; the entry stays in its stream then."""

    def __init__(self, world: World, rounds: Rounds | None = None) -> None:
        self._world = world
        self._rounds = rounds or Rounds()
        self._paging = world.paging
        self._sender = PageSender(world)

    async def work_off(self, lane: Lane[Entry]) -> None:
        """Pages for the head of a lane. What cannot be paged is told to the log, and comes again by its deadline."""
        entry = lane.items[0]
        try:
            await self._work(entry)
        except (LeaseLost, StoreError, OSError, asyncio.CancelledError):
            raise
        except Exception as error:
            self._world.watch.failed("page_failed", type(error).__name__)
        if len(lane.items) == 1:
            # Who was paged is noted. What is left to write can wait, if no other page has to.
            await self._rounds.wait()
        writes = Writes()
        writes.add("XDEL", f"pages:{entry.partition}", entry.id)
        writes.add("DEL", _paged_key(entry))
        await self._world.committer.commit(entry.partition, writes)
        lane.items.popleft()

    async def _work(self, entry: Entry) -> None:
        kind, name, way = (entry.fields[field].decode() for field in (b"k", b"n", b"w"))
        if kind == RUNG:
            await self._climb(entry)
        elif kind == TEST:
            await self._page(entry, await self._find_active([name]))
        elif kind in {CODE, LINKED}:
            await self._tell_one(kind, name, way)

    async def _climb(self, entry: Entry) -> None:
        """Pages the rungs that were asked for, then each higher one, until somebody is reached."""
        conversation = entry.fields[b"c"].decode()
        if await self._world.store.call("HGET", f"conversation:{conversation}", "owner") != b"waiting":
            return
        step = tuple(entry.fields[b"r"].decode().split(","))
        steps: list[tuple[str, ...]] = [step, *((rung,) for rung in list_higher(step))]
        shifts = await self._paging.shifts.list_all()
        tried: set[str] = set()
        failed: list[str] = []
        for rungs in steps:
            people = [one for one in await self._find_people(rungs, shifts) if one.name not in tried]
            tried.update(one.name for one in people)
            if await self._page(entry, people) or await self._is_anyone_present(rungs, people):
                break
            failed += rungs
            self._world.watch.failed("page_climbed", rungs[-1])
        await self._note_failed(failed, steps)

    async def _note_failed(self, failed: Sequence[str], steps: Sequence[tuple[str, ...]]) -> None:
        """Supervisors are shown that those on call could not be reached; an empty shift at night is as planned."""
        if ON_CALL not in failed and SUPERVISOR not in failed:
            return
        unheard = set(failed) == {rung for rungs in steps for rung in rungs}
        if unheard:
            self._world.watch.failed("page_unheard")
        await self._paging.queue.set_alert(Alert(self._world.clock.now(), "" if unheard else SUPERVISOR))

    async def _find_people(self, rungs: Iterable[str], shifts: Sequence[Shift]) -> Sequence[Account]:
        now = self._world.clock.now()
        found: dict[str, Account] = {}
        for rung in rungs:
            people = await self._find_active(find_on_duty(shifts, rung, now))
            if rung == ON_SHIFT:
                people += await self._find_active(await self._paging.presence.list_present())
            if rung == SUPERVISOR and not people:
                people = await self._find_supervisors()
            found |= {one.name: one for one in people}
        return [found[name] for name in sorted(found)]

    async def _find_active(self, names: Iterable[str]) -> list[Account]:
        """Those of them who may come in: nobody is paged who was suspended, reset or only invited (A6)."""
        accounts = [await self._paging.accounts.find(name) for name in names]
        return [account for account in accounts if account and account.state == "active"]

    async def _find_supervisors(self) -> list[Account]:
        """Every supervisor who can be paged: the last resort when none is planned."""
        accounts = await self._find_active(await self._paging.contacts.list_people())
        return [account for account in accounts if SUPERVISOR in account.roles]

    async def _is_anyone_present(self, rungs: Sequence[str], people: Sequence[Account]) -> bool:
        """True if somebody of an on-shift rung has the console open: it tells them by itself."""
        names = {one.name for one in people} if ON_SHIFT in rungs else set[str]()
        return bool(names) and not names.isdisjoint(await self._paging.presence.list_present())

    async def _page(self, entry: Entry, people: Sequence[Account]) -> bool:
        """Pages people by all their proved ways at once; True if one way of one of them worked."""
        if not people:
            return False
        known = {member.decode() for member in await self._world.store.call("SMEMBERS", _paged_key(entry))}
        sends = []
        for account in people:
            ways = await self._paging.contacts.list_ways(account.name)
            sends += [self._send_once(entry, account, way, known) for way in ways if way.proved]
        results = await asyncio.gather(*sends, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return any(results)

    async def _send_once(self, entry: Entry, account: Account, way: Way, known: set[str]) -> bool:
        member = f"{way.name}|{way.id}"
        if member in known:
            return True
        text = self._paging.words.text("page", account.language)
        if not await self._sender.send(way, text, queued_at=int(entry.id.split("-")[0]) / 1000):
            return False
        key = _paged_key(entry)
        await self._world.store.call_all([("SADD", key, member), ("EXPIRE", key, _PAGED_SECONDS)])
        return True

    async def _tell_one(self, kind: str, name: str, identifier: str) -> None:
        """A code to a phone that is not proved yet, or the one line that greets a new chat."""
        people = await self._find_active([name])
        way = next((one for one in await self._paging.contacts.list_ways(name) if one.id == identifier), None)
        code = await self._paging.contacts.read_proof(name, identifier) if kind == CODE else ""
        if not people or way is None or code is None:
            return
        await self._sender.send(way, self._paging.words.text(kind, people[0].language, code))


def _paged_key(entry: Entry) -> str:
    return f"paged:{entry.partition}:{entry.id}"
