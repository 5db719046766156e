"""What people do with live content: draft, approve, veto, publish; nobody's work is lost (G2).

Pages and commands call this; whoever calls has asked whether the account may. Nothing is live before it is checked.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotline.content_merge import Conflict, follow_conflicts
from hotline.content_review import (
    Approval,
    Change,
    Draft,
    Lack,
    Weight,
    check_reviewer,
    compute_digest,
    find_changes,
    find_lacks,
    find_weights,
    is_crisis,
    list_approvers,
)
from hotline.errors import ContentError
from storage.content_live import TRIES, LiveActs, Moved, Published, Texts, check_note
from storage.content_sets import Kind
from storage.content_texts import forget_kept, merge_texts, parse_text

__all__ = ["ContentDesk", "Moved", "Published", "Saved", "Shown", "Texts"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft as people judge it. ``digest`` is what an approval is of; ``lacks`` is empty if it can go live.

    Of ``draft.conflicts`` the author must choose: ``ours`` is the draft's side, ``theirs`` the live set's.
    """

    draft: Draft
    changes: tuple[Change, ...]
    weights: frozenset[Weight]
    digest: str
    approvers: tuple[str, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that was saved. ``apart``: another one had been saved meanwhile, so this became a draft of its own."""

    draft: Draft
    apart: bool = False


class ContentDesk(LiveActs):
    """The way of a change, from its draft into every worker and back. Methods raise StoreError and ContentError."""

    async def begin(
        self,
        author: str,
        texts: Texts,
        note: str,
        *,
        base_version: int = 0,
        origin: str = "edit",
        others: tuple[str, ...] = (),
        conflicts: tuple[Conflict, ...] = (),
        vetoes: tuple[str, ...] = (),
    ) -> Draft:
        """A new draft over ``base_version`` (what its author saw; 0: what is live now), not live.

        ``others`` have written in it besides. Nobody can make it live before somebody has chosen in each of
        ``conflicts``; each path is among ``texts``.
        """
        base = await self.sets.load(base_version) if base_version else await self.load_live()
        draft = Draft(
            id=secrets.token_hex(6),
            revision=1,
            origin=origin,
            note=check_note(note),
            authors=tuple(sorted({author, *others} - {""})),
            base_version=base.version,
            texts=_check_texts(texts),
            bases={path: base.texts.get(path) for path in texts},
            changed_at=self._clock.now(),
            conflicts=conflicts,
            vetoes=vetoes,
        )
        await self.sets.save_draft(draft, None)
        return draft

    async def edit(
        self, draft_id: str, author: str, texts: Texts, note: str, *, revision: int, base_version: int
    ) -> Saved:
        """Saves over the revision that its author saw; if that is gone by now, as a draft of its own (G2).

        ``texts`` are the documents that changed; others of the draft stay. Their conflicts count as chosen. Approvals
        given before count no more if an entry changed, and a veto stays.
        """
        draft = None
        for _ in range(TRIES):
            draft = await self.sets.find_draft(draft_id)
            if draft is None or draft.revision != revision:
                break
            saved = await self._write_over(draft, author, texts, check_note(note))
            if await self.sets.save_draft(saved, draft):
                return Saved(saved)
        # Its words began as theirs: whoever wrote those must not approve them here.
        others, vetoes = (draft.authors, draft.vetoes) if draft else ((), ())
        begun = await self.begin(author, texts, note, base_version=base_version, others=others, vetoes=vetoes)
        return Saved(begun, apart=True)

    async def _write_over(self, draft: Draft, author: str, texts: Texts, note: str) -> Draft:
        base = await self.sets.load(draft.base_version)
        return replace(
            draft,
            revision=draft.revision + 1,
            note=note,
            authors=tuple(sorted({*draft.authors, author})),
            texts={**draft.texts, **_check_texts(texts)},
            bases={path: base.texts.get(path) for path in texts} | dict(draft.bases),
            changed_at=self._clock.now(),
            conflicts=tuple(one for one in draft.conflicts if one.path not in texts),
        )

    async def show(self, draft_id: str) -> Shown:
        """The draft over what is live now: what it changes, who must still agree. Raises ContentError if it is gone."""
        return await self._show(await self._rebase(await self._get(draft_id)))

    async def show_all(self) -> Sequence[Shown]:
        """Every draft as people judge it, what was changed last first; one that is gone meanwhile is left out."""
        shown: list[Shown] = []
        for draft in await self.sets.list_drafts():
            with contextlib.suppress(ContentError):
                shown.append(await self.show(draft.id))
        return shown

    async def approve(self, draft_id: str, account: str, digest: str) -> Shown:
        """The account's yes to exactly the changes of ``digest``. Raises ContentError for an author's own."""
        for _ in range(TRIES):
            shown = await self.show(draft_id)
            if account in shown.draft.authors:
                raise ContentError("whoever wrote a change cannot approve it")
            if shown.digest != digest:
                raise ContentError("the draft was changed meanwhile; look at it again")
            others = tuple(one for one in shown.draft.approvals if one.by != account and one.digest == digest)
            approvals = (*others, Approval(account, digest, self._clock.now()))
            if await self.sets.save_draft(saved := replace(shown.draft, approvals=approvals), shown.draft):
                return await self._show(saved)
        raise Moved(draft_id)

    async def veto(self, draft_id: str, reviewer: str, *, by: str, lift: bool = False) -> Shown:
        """A survivor reviewer's no to a crisis text, or its end, written down by ``by``; it outlives later edits (G2).

        Raises ContentError if an author would take it back, or if there is none; who did so stands in the history.
        """
        check_reviewer(reviewer)
        for _ in range(TRIES):
            shown = await self.show(draft_id)
            if not lift and not any(map(is_crisis, shown.changes)):
                raise ContentError("a veto is for crisis texts; this draft changes none")
            saved = _lift(shown.draft, reviewer, by) if lift else _veto(shown.draft, reviewer)
            if await self.sets.save_draft(saved, shown.draft):
                return await self._show(saved)
        raise Moved(draft_id)

    async def discard(self, draft_id: str, revision: int) -> bool:
        """Gives a draft up as it was seen; False if it was changed or is gone."""
        draft = await self.sets.find_draft(draft_id)
        return bool(draft and draft.revision == revision and await self.sets.remove_draft(draft))

    async def publish(self, draft_id: str) -> Published:
        """Makes an approved draft live in one step, joined with what went live meanwhile; or says what is missing."""
        for _ in range(TRIES):
            shown = await self.show(draft_id)
            draft = shown.draft
            if shown.lacks:
                return Published(0, shown.lacks)
            live = await self.sets.load(draft.base_version)
            texts = _apply(live.texts, draft.texts)
            if faults := await self.find_new_faults(live.texts, texts):
                return Published(0, faults=faults)
            happened = self.tell(live, "edit", draft.authors, draft.note, texts)
            kind: Kind = "upgrade" if draft.origin == "upgrade" else "import" if draft.origin == "import" else "edit"
            happened = replace(happened, kind=kind, approved=shown.approvers, lifts=draft.lifts)
            if await self.sets.publish(texts, happened, expected=live.version, draft=draft):
                return Published(happened.version)
        raise Moved(draft_id)

    async def _get(self, draft_id: str) -> Draft:
        draft = await self.sets.find_draft(draft_id)
        if draft is None:
            raise ContentError("there is no such draft; it was published or given up")
        return draft

    async def _rebase(self, draft: Draft) -> Draft:
        """The draft joined with what went live since; conflicts keep the draft's side and wait for its author."""
        for _ in range(TRIES):
            version = await self.sets.find_live()
            if version == draft.base_version:
                return draft
            live = await self.sets.load(version)
            here = {path: live.texts.get(path) for path in draft.texts}
            texts, conflicts = await asyncio.to_thread(merge_texts, draft.bases, draft.texts, here)
            moved = replace(
                draft,
                revision=draft.revision + 1,
                base_version=version,
                # Joined, the two may hold a kept record beside a place that is confidential by now (D4).
                texts=forget_kept(texts),
                bases=here,
                conflicts=follow_conflicts(draft.conflicts, conflicts, _parse(here)),
            )
            if await self.sets.save_draft(moved, draft):
                return moved
            draft = await self._get(draft.id)
        raise Moved(draft.id)

    async def _show(self, draft: Draft) -> Shown:
        # The draft of a release holds large documents: the console's other pages must not wait for them.
        return await asyncio.to_thread(_judge, draft, frozenset(await self.list_approvers()))


def _veto(draft: Draft, reviewer: str) -> Draft:
    return replace(draft, vetoes=tuple(sorted({*draft.vetoes, reviewer})))


def _lift(draft: Draft, reviewer: str, by: str) -> Draft:
    if by in draft.authors:
        raise ContentError("whoever wrote a change cannot take a reviewer's no to it back")
    if reviewer not in draft.vetoes:
        raise ContentError("that reviewer has not said no to this draft")
    vetoes = tuple(one for one in draft.vetoes if one != reviewer)
    return replace(draft, vetoes=vetoes, lifts=(*draft.lifts, f"{reviewer} ({by})"))


def _judge(draft: Draft, allowed: frozenset[str]) -> Shown:
    changes = find_changes(_parse(draft.bases), _parse(draft.texts))
    lacks = find_lacks(draft, changes, may_approve=allowed.__contains__)
    approvers = tuple(name for name in list_approvers(draft, changes) if name in allowed)
    return Shown(draft, changes, find_weights(changes), compute_digest(changes), approvers, lacks)


def _apply(live: Mapping[str, str], texts: Texts) -> dict[str, str]:
    return {path: text for path, text in {**live, **texts}.items() if text is not None}


def _parse(texts: Texts) -> dict[str, Any]:
    return {path: parse_text(path, text) for path, text in texts.items() if text is not None}


def _check_texts(texts: Texts) -> dict[str, str | None]:
    """The texts, if each is YAML: a draft may have faults, but it can always be compared and joined.

    What came with a place from elsewhere goes as soon as it stands beside a confidential one (D4).
    """
    _parse(texts)
    return forget_kept(texts)
