"""The real desk for content over sets in memory, with the files of this repository.

The sets are held against a real store by tests/storage/test_content_desk.py.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from console.editing import Editing, Sample, Trial, View
from hotline.content_review import Draft
from hotline.errors import ContentError
from storage.content_desk import ContentDesk
from storage.content_files import CONTENT_FOLDER
from storage.content_sets import ContentSets, Happened, LiveSet
from storage.content_texts import load_texts, parse_texts
from tests.console.fakes import FakeAccounts, FakeClock


@cache
def read_files() -> Mapping[str, str]:
    return load_texts(CONTENT_FOLDER)


@cache
def read_view() -> View:
    return View(0, read_files(), parse_texts(read_files()))


class MemorySets(ContentSets):
    """What ``ContentSets`` promises, for one event loop."""

    def __init__(self) -> None:
        self.sets: dict[int, Mapping[str, str]] = {}
        self.history: dict[int, Happened] = {}
        self.drafts: dict[str, Draft] = {}
        self.files: Mapping[str, str] | None = None

    async def find_live(self) -> int:
        return max(self.sets, default=0)

    async def load(self, version: int) -> LiveSet:
        if version not in self.sets:
            raise ContentError(f"there is no version {version}")
        return LiveSet(version, self.sets[version])

    async def load_files(self) -> Mapping[str, str] | None:
        return self.files

    async def load_texts(self, names: Iterable[str]) -> Mapping[str, str]:
        raise AssertionError("nobody asks for texts by name here")

    async def read_history(self) -> Sequence[Happened]:
        return sorted(self.history.values(), key=lambda one: one.version, reverse=True)

    async def find_happened(self, version: int) -> Happened | None:
        return self.history.get(version)

    async def publish(
        self,
        texts: Mapping[str, str],
        happened: Happened,
        *,
        expected: int,
        draft: Draft | None = None,
        files: Mapping[str, str] | None = None,
    ) -> bool:
        if await self.find_live() != expected or (draft and self.drafts.get(draft.id) != draft):
            return False
        self.sets[happened.version], self.history[happened.version] = dict(texts), happened
        self.files = files if files is not None else self.files
        if draft:
            del self.drafts[draft.id]
        return True

    async def save_draft(self, draft: Draft, over: Draft | None) -> bool:
        if self.drafts.get(draft.id) != over:
            return False
        self.drafts[draft.id] = draft
        return True

    async def remove_draft(self, draft: Draft) -> bool:
        if self.drafts.get(draft.id) != draft:
            return False
        del self.drafts[draft.id]
        return True

    async def find_draft(self, draft_id: str) -> Draft | None:
        return self.drafts.get(draft_id)

    async def list_drafts(self) -> Sequence[Draft]:
        return sorted(self.drafts.values(), key=lambda one: one.changed_at, reverse=True)


class FakeEditing(Editing):
    """The real parts; ``faults`` are what the checker finds, ``tried`` what was asked of it."""

    def __init__(self, clock: FakeClock, accounts: FakeAccounts) -> None:
        self.faults: list[str] = []
        self.trial: Trial | None = Trial()
        self.tried: list[tuple[Mapping[str, str], str, str]] = []
        self.samples: list[Sample | None] = []
        self.memory = MemorySets()

        async def list_approvers() -> Collection[str]:
            everybody = await accounts.list_all()
            return {one.name for one in everybody if one.state == "active" and {"admin", "supervisor"} & set(one.roles)}

        desk = ContentDesk(
            self.memory,
            clock,
            files=read_files,
            check=self._check,
            list_approvers=list_approvers,
            software="1.0",
        )
        super().__init__(desk, self._try, "nevada")
        self._seen = read_view()

    async def seed(self, draft_id: str, path: str = "replies/en/topics_needs") -> None:
        """A draft of this id, of somebody else."""
        text = read_files()[path]
        await self.desk.load_live()
        begun = await self.desk.begin("ann", {path: text.replace("Being hungry", "To be hungry")}, "Plainer words.")
        self.memory.drafts[draft_id] = replace(self.memory.drafts.pop(begun.id), id=draft_id)

    async def _check(self, texts: Mapping[str, str], whole: bool) -> Sequence[str]:
        return [fault for fault in self.faults if any(fault in text for text in texts.values())]

    async def _try(self, texts: Mapping[str, str], kind: str, entry: str, sample: Sample | None = None) -> Trial | None:
        self.tried.append((texts, kind, entry))
        self.samples.append(sample)
        return self.trial


def build_fake_editing(clock: FakeClock, accounts: FakeAccounts) -> FakeEditing:
    """For a stage."""
    return FakeEditing(clock, accounts)
