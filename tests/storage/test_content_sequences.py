"""No sequence of drafts and approvals publishes without its approvers, and no two people lose work (G2), by trying."""

import asyncio
from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.content_merge import MISSING, list_entries, merge
from hotline.errors import ContentError
from storage.connection import Store
from storage.content_sets import Happened
from storage.content_texts import parse_texts
from tests.storage.content_stage import EN, LINES, PEOPLE, ContentStage

_PLACES = {"Call 988.": (EN, 2), "Hi.": (EN, 1), "Food, sleep.": (EN, 1), "8005551212": (LINES, 2)}
"""Words in the documents to be changed, and how many must approve."""

_WHO, _WHICH = st.sampled_from(PEOPLE), st.integers(0, 3)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), _WHO, st.sampled_from(sorted(_PLACES))),
        st.tuples(st.just("edit"), _WHO, _WHICH),
        st.tuples(st.just("approve"), _WHO, _WHICH),
        st.tuples(st.just("publish"), _WHO, _WHICH),
        st.tuples(st.just("stale"), _WHO, _WHICH),
    ),
    min_size=4,
    max_size=16,
)


class Walk:
    """People at work. What each of them wrote, and what each said yes to, is noted here and nowhere else."""

    def __init__(self, stage: ContentStage) -> None:
        self.stage, self.desk = stage, stage.desk
        self.written: list[str] = []
        self.authors: dict[str, set[str]] = {}
        self.yes: list[tuple[str, frozenset[tuple[str, str]]]] = []

    async def step(self, act: str, who: str, more: str | int) -> None:
        if act == "begin":
            await self._begin(who, str(more))
            return
        drafts = sorted(await self.stage.sets.list_drafts(), key=lambda draft: draft.id)
        if not drafts:
            return
        draft = drafts[int(more) % len(drafts)].id
        shown = await self.desk.show(draft)
        if act in {"edit", "stale"}:
            await self._edit(who, shown.draft, stale=act == "stale")
        elif act == "approve" and who not in shown.draft.authors:
            await self.desk.approve(draft, who, shown.digest)
            self.yes.append((who, _read_changes(shown.draft.bases, shown.draft.texts)))
        elif act == "publish":
            await self._publish(draft)

    def _write(self, who: str, text: str, word: str) -> str:
        token = f"t{len(self.written)}t" if not word.isdigit() else f"80055500{len(self.written):02d}"
        self.written.append(token)
        self.authors[token] = {who}
        return text.replace(word, token, 1)

    async def _begin(self, who: str, word: str) -> None:
        path, _ = _PLACES[word]
        text = await self.stage.live(path)
        if word in text:
            await self.desk.begin(who, {path: self._write(who, text, word)}, "x")

    async def _edit(self, who, draft, *, stale: bool) -> None:
        (path, text), *_ = draft.texts.items()
        token = next((one for one in reversed(self.written) if one in text), None)
        if token is None:
            return
        changed = self._write(who, text, token)
        self.authors[self.written[-1]] |= set(draft.authors)
        saved = await self.desk.edit(
            draft.id, who, {path: changed}, "x",
            revision=draft.revision - stale, base_version=draft.base_version,
        )  # fmt: skip
        assert saved.apart == stale
        # Whoever changes a word knowingly replaces it: the old one is given up, unless it stands elsewhere still.
        if not stale:
            self.written.remove(token)

    async def _publish(self, draft: str) -> None:
        before = await self.desk.load_live()
        done = await self.desk.publish(draft)
        if not done.version:
            return
        after = await self.desk.load_live()
        happened = await self.stage.sets.find_happened(after.version)
        assert isinstance(happened, Happened)
        changes = _read_changes(before.texts, after.texts)
        needed = max(2 if "crisis" in entry or path == LINES else 1 for path, entry in changes)
        wrote = {one for token in self.authors if token in str(sorted(changes)) for one in self.authors[token]}
        said_yes = {who for who, approved in self.yes if approved == changes} - set(happened.by)
        assert len(said_yes) >= needed, (changes, self.yes, happened)
        assert not set(happened.approved) & wrote
        assert set(happened.approved) <= said_yes

    async def check_nothing_is_lost(self) -> None:
        """Every word that somebody wrote is live, was live once, or lies in a draft."""
        texts = [draft.texts for draft in await self.stage.sets.list_drafts()]
        live = await self.stage.sets.find_live()
        texts += [(await self.stage.sets.load(number)).texts for number in range(1, live + 1)]
        kept = " ".join(text for one in texts for text in one.values() if text)
        assert [token for token in self.written if token not in kept] == []


def _read_changes(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> frozenset[tuple[str, str]]:
    """Path and entry with what is said there now: read anew, by other means than the code under test decides with."""
    old, new = (parse_texts({path: text for path, text in one.items() if text}) for one in (before, after))
    found = set()
    for path, document in new.items():
        for part, entries in document.items():
            if isinstance(entries, dict):
                for key, value in entries.items():
                    if old.get(path, {}).get(part, {}).get(key) != value:
                        found.add((path, f"{part} {key} {value}"))
    return frozenset(found)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_STEPS)
def test_no_sequence_of_steps_publishes_without_its_approvers_or_loses_a_word(servers, steps):
    async def walk() -> None:
        store = Store(servers.url("store", "worker"))
        for key in await store.scan("content:*"):
            await store.call("DEL", key)
        at_work = Walk(ContentStage(store))
        for act, who, more in steps:
            await at_work.step(act, who, more)
        await at_work.check_nothing_is_lost()
        await store.aclose()

    asyncio.run(walk())


def _build_item(key: str, value: object) -> dict[str, object]:
    return {"key": key, "v": value}


_VALUES = st.one_of(st.integers(0, 3), st.text("ab", max_size=2))
_DOCUMENTS = st.one_of(
    st.none(),
    st.dictionaries(
        st.sampled_from("xyz"),
        st.one_of(
            _VALUES,
            st.dictionaries(st.sampled_from("pqr"), _VALUES),
            st.lists(
                st.builds(lambda key, value: {"key": key, "v": value}, st.sampled_from("pqr"), _VALUES), max_size=3
            ),
        ),
    ),
)


@settings(max_examples=400, deadline=None)
@given(base=_DOCUMENTS, ours=_DOCUMENTS, theirs=_DOCUMENTS)
def test_whatever_two_people_change_is_in_what_is_joined_or_in_a_conflict(base, ours, theirs):
    merged = merge(base, ours, theirs)
    told = {conflict.entry for conflict in merged.conflicts}
    whole = list_entries(merged.document, like=(base, ours, theirs))
    states = [list_entries(one, like=(base, ours, theirs, merged.document)) for one in (base, ours, theirs)]
    whole = list_entries(merged.document, like=(base, ours, theirs))
    for mine in states[1:]:
        for entry in {*states[0], *mine}:
            was, now = states[0].get(entry, MISSING), mine.get(entry, MISSING)
            if was != now and now:
                assert whole.get(entry, MISSING) == now or entry in told or () in told, entry


@settings(max_examples=100, deadline=None)
@given(base=_DOCUMENTS, one=_DOCUMENTS, other=_DOCUMENTS)
def test_joining_is_the_same_from_either_side_but_for_conflicts(base, one, other):
    there, back = merge(base, one, other), merge(base, other, one)
    assert {c.entry for c in there.conflicts} == {c.entry for c in back.conflicts}
    if not there.conflicts:
        assert list_entries(there.document) == list_entries(back.document)


def test_a_veto_needs_a_random_id():
    from hotline.content_review import check_reviewer

    for name in ("survivor", "survivor-maria", "maria", "survivor-0A1B2C3D"):
        try:
            check_reviewer(name)
        except ContentError:
            continue
        raise AssertionError(name)
