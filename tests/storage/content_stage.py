"""A live set of two small documents in a real store, and the people who work on it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from storage.connection import Store
from storage.content_desk import ContentDesk
from storage.content_sets import ContentSets
from storage.content_texts import parse_text

REPLIES = """# Kept at the head.
review: {state: drafted, on: 2026-01-01}
replies:
  crisis_general: {text: "Call 988."}
  welcome: {text: "Hi."}
  menu: {text: "Food, sleep."}
"""
NUMBERS = """lines:
  lifeline: {call: {number: "988"}, never_hidden: true, assured_date: 2026-01-01, verified_by: ann}
  other: {call: {number: "8005551212"}, never_hidden: false, assured_date: null, verified_by: null}
"""
PLACES = """services:
  - {key: house, status: active, porchlight: {address_confidential: true, vetting: {}, publish: true}}
  - {key: centre, status: active, porchlight: {address_confidential: false, vetting: {}, publish: true}}
"""
EN, LINES, HOUSES = "replies/en/a", "numbers", "directory/nevada/a"
FILES: Mapping[str, str] = {EN: REPLIES, LINES: NUMBERS, HOUSES: PLACES}
PEOPLE = ("ann", "ben", "cat", "dan")


class StageClock:
    """Goes on a second with every look."""

    def __init__(self) -> None:
        self.at = datetime(2026, 6, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class ContentStage:
    """The desk, with files and a checker that tests can change."""

    def __init__(self, store: Store) -> None:
        self.files = dict(FILES)
        self.faults: list[str] = []
        self.people = set(PEOPLE)
        self.sets = ContentSets(store)
        self.desk = ContentDesk(
            self.sets,
            StageClock(),
            files=lambda: self.files,
            check=self._check,
            list_approvers=self._list_people,
            software="1.0",
        )

    async def _check(self, texts: Mapping[str, str], whole: bool) -> Sequence[str]:
        return [fault for fault in self.faults if any(fault in text for text in texts.values())]

    async def _list_people(self) -> set[str]:
        return self.people

    async def live(self, path: str = EN) -> str:
        """The text of a document as it is live."""
        return (await self.desk.load_live()).texts[path]

    async def begin(self, author: str, old: str, new: str, path: str = EN) -> str:
        """A draft in which one bit of a document is another."""
        text = await self.live(path)
        assert old in text
        return (await self.desk.begin(author, {path: text.replace(old, new)}, f"{old} to {new}")).id

    async def approve(self, draft: str, *accounts: str) -> None:
        """Each looks and says yes."""
        for account in accounts:
            await self.desk.approve(draft, account, (await self.desk.show(draft)).digest)

    async def change(self, author: str, old: str, new: str, path: str = EN, by: Sequence[str] = ("ben", "cat")) -> int:
        """A draft that is approved and live."""
        draft = await self.begin(author, old, new, path)
        await self.approve(draft, *by)
        return (await self.desk.publish(draft)).version


def read_reply(text: str, key: str) -> str:
    """The words of a reply."""
    return str(parse_text("a", text)["replies"][key]["text"])
