"""The real desk over sets in memory, with places that somebody confirmed, and a command on it."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from app.content_command import ContentCommand
from hotline.errors import ContentError
from hotline.regions import build_region
from hotline.resources import build_directory
from storage.content_desk import ContentDesk
from storage.content_import import Given, land
from storage.content_texts import parse_text, parse_texts, write_document
from tests.console.fakes_content import MemorySets
from tests.exchange.world import TODAY
from tests.hotline.verified import shipped_documents, verified_documents
from tests.storage.content_stage import PEOPLE, StageClock

NPHY = "directory/nevada/nphy"


@cache
def read_verified() -> Mapping[str, str]:
    return {path: write_document(document) for path, document in verified_documents().items()}


@cache
def read_shipped() -> Mapping[str, str]:
    return {path: write_document(document) for path, document in shipped_documents().items()}


class Landing:
    """The desk, and what it takes to import and to agree."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self.files = dict(texts or read_verified())
        self.sets = MemorySets()
        self.desk = ContentDesk(
            self.sets,
            StageClock(),
            files=lambda: self.files,
            check=_check,
            list_approvers=_list_people,
            software="1.0",
        )
        self.noted: list[tuple[str, str]] = []

    @property
    def command(self) -> ContentCommand:
        landing = self

        class Command(ContentCommand):
            async def note(self, action: str, name: str) -> None:
                landing.noted.append((action, name))

        settings: Any = SimpleNamespace(region="nevada")
        return Command(settings, self.desk)

    async def take(self, *records: Mapping[str, Any], **more: Any) -> Any:
        return await land(self.desk, "ann", Given(records, "theirs.json", "nevada", **more), TODAY)

    async def agree(self, draft: str, *accounts: str) -> None:
        for account in accounts:
            await self.desk.approve(draft, account, (await self.desk.show(draft)).digest)

    async def choose(self, draft: Any, *, theirs: bool) -> Any:
        """As the console's page does: each conflict's side is put in, and its document saved."""
        from hotline.content_entries import put_entry

        texts = dict(draft.texts)
        for one in draft.conflicts:
            document = parse_text(one.path, texts[one.path])
            texts[one.path] = write_document(put_entry(document, one.entry, one.theirs if theirs else one.ours))
        named = {one.path: texts[one.path] for one in draft.conflicts}
        saved = await self.desk.edit(
            draft.id, "ann", named, draft.note, revision=draft.revision, base_version=draft.base_version
        )
        return saved.draft

    async def read_live(self) -> dict[str, Any]:
        return parse_texts((await self.desk.look()).texts)

    async def change(self, path: str, document: Any, by: Sequence[str] = ("ben", "cat")) -> int:
        """Another's draft, approved and live."""
        draft = await self.desk.begin("dan", {path: write_document(document)}, "Something else.")
        await self.agree(draft.id, *by)
        return (await self.desk.publish(draft.id)).version


async def _check(texts: Mapping[str, str], _whole: bool) -> Sequence[str]:
    documents = parse_texts(texts)
    try:
        build_directory(documents, build_region(documents, "nevada"), "live")
    except ContentError as error:
        return [str(error)]
    return []


async def _list_people() -> Sequence[str]:
    return PEOPLE
