"""What ``porchlight content`` does with the live set, as lines for a terminal; every act is noted in the audit."""

import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from app.audit_command import note_command
from app.content_wiring import build_content_desk
from app.operating import operate
from app.settings import Settings
from storage.connection import Store
from storage.content_desk import ContentDesk
from storage.content_live import name_command_line
from storage.content_texts import write_texts

_NOBODY = "no account of that name may change content: an active administrator or supervisor may"
_TWO = 2


async def run_command[Result](folder: Path, work: "Callable[[ContentCommand], Awaitable[Result]]") -> Result:
    """Runs a command on the installation that the settings name, or on the stack of a folder."""
    async with operate(os.environ, folder) as settings:
        store = Store(settings.redis_url.reveal())
        try:
            return await work(ContentCommand(settings, build_content_desk(settings, store)))
        finally:
            await store.aclose()


class ContentCommand:
    """The commands. Raises ContentError and ValueError with what to tell."""

    def __init__(self, settings: Settings, desk: ContentDesk) -> None:
        self.settings = settings
        self.desk = desk

    async def history(self) -> list[str]:
        """A line for each version, the newest first."""
        rows = await self.desk.sets.read_history()
        return [
            f"{one.version}  {one.at:%Y-%m-%d %H:%M}  {one.kind}  by {_join(one.by)}"
            f"{f', approved by {_join(one.approved)}' if one.approved else ''}: {one.note}"
            for one in rows
        ] or ["no live set yet: the files serve"]

    async def drafts(self) -> list[str]:
        """What each draft changes, and what it lacks."""
        lines: list[str] = []
        for shown in await self.desk.show_all():
            draft = shown.draft
            lines.append(f"{draft.id}  {draft.origin}  by {_join(draft.authors)}: {draft.note}")
            lines += [f"  changes {change.name}" for change in shown.changes]
            lines += [f"  conflict in {one.path}" for one in draft.conflicts]
            lines.append(f"  lacks {_join(shown.lacks) if shown.lacks else 'nothing'}")
        return lines or ["no drafts"]

    async def take_files(self, names: Sequence[str], note: str) -> tuple[bool, list[str]]:
        """The files' changes as a draft, or at once with two names."""
        if not names:
            draft = await self.desk.take_files()
            if draft is None:
                return True, ["the files change nothing that is not known"]
            return True, [f"draft {draft.id}: {len(draft.texts)} documents, {len(draft.conflicts)} conflicts"]
        if len(names) != _TWO:
            raise ValueError("say --approve twice, with two names")
        done = await self.desk.force_files((names[0], names[1]), note)
        if not done.version:
            return False, [*done.lacks, *done.faults]
        await self.note("content_forced", str(done.version))
        return True, [f"version {done.version} is live"]

    async def export(self, into: Path, version: int) -> list[str]:
        """A version as files."""
        if into.exists() and any(into.iterdir()):
            raise ValueError(f"{into} is not empty")
        found = version or await self.desk.sets.find_live()
        if not found:
            raise ValueError("there is no live set yet: the files serve")
        texts = (await self.desk.sets.load(found)).texts
        write_texts(texts, into)
        return [f"version {found}: {len(texts)} documents in {into}"]

    async def roll_back(self, by: str, version: int, note: str) -> list[str]:
        """An old version live again."""
        await self.check_account(by)
        number = await self.desk.roll_back(name_command_line(by), version, note)
        await self.note("content_rolled_back", str(number))
        done = await self.desk.sets.find_happened(number)
        stays = [f"  its number changed since, so it stays as it is now: {one}" for one in done.kept] if done else []
        return [f"version {number} is live, with the words of {version}", *stays]

    async def pull(self, by: str, entry: str, note: str) -> list[str]:
        """A place or line closed at once."""
        await self.check_account(by)
        number = await self.desk.pull(name_command_line(by), entry, note)
        await self.note("content_pulled", str(number))
        return [f"version {number} is live, without {entry}"]

    async def confirm(self, by: str, entry: str) -> list[str]:
        """A place or line that somebody phoned."""
        await self.check_account(by)
        number = await self.desk.confirm(name_command_line(by), entry, "phoned")
        await self.note("content_confirmed", str(number))
        return [f"version {number} is live; {name_command_line(by)} answers for {entry}"]

    async def check_account(self, name: str) -> None:
        """Raises ValueError for an account that may not change content."""
        if name not in await self.desk.list_approvers():
            raise ValueError(_NOBODY)

    async def note(self, action: str, name: str) -> None:
        """What a command did, in the audit."""
        await note_command(self.settings, action, name)


def _join(names: Sequence[str]) -> str:
    return ", ".join(names) or "nobody"
