"""Builds the worker's world from Settings: content, rules, stores, keys. No globals."""

import functools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from app.assistant_checks import CheckedAssistant
from app.cover_file import LoadedCover, Taken, load_cover
from app.known_answers import KnownAnswers
from app.paging import build_paging
from app.prepared import Prepared
from app.pressure import MOST_ASKED_OF_ONE, BoundedDialogue
from app.screener import Screener
from app.settings import Settings
from app.watch import Watch
from app.watched import WatchedCommitter
from app.wiring import build_inbox
from app.world import SystemClock, Words, World
from bot.assistant import RestAssistant
from bot.client import RasaDialogue
from connectors.contract import Connector
from hotline.assistant_words import build_assistant_documents
from hotline.choices import build_choice_words
from hotline.content import build_content, find_lost_options
from hotline.deadlines import Timings
from hotline.errors import ContentError, DialogueError
from hotline.keywords import build_keywords, find_keyword
from hotline.language import build_languages, guess_language
from hotline.messages import ChannelName
from hotline.numbers import Lines, build_lines, pick_line
from hotline.outreach_words import answer_staff, build_staff_needs
from hotline.ports import Dialogue, DialogueAnswer
from hotline.regions import build_region
from hotline.replies import check_line_gaps
from hotline.resources import build_directory
from hotline.screening import Rules
from hotline.screening import build_rules as build_screening
from hotline.screening.learned import LearnedStage
from hotline.screening.vocabulary import Vocabulary
from hotline.staff_page import StaffPage, build_staff_page
from hotline.telling import build_telling
from hotline.turns import Services
from storage.connection import Store
from storage.content_files import load_learned, load_vocabulary
from storage.content_following import Served
from storage.content_keys import ContentKeys
from storage.conversations import Conversations
from storage.epochs import Epochs
from storage.erase_keys import EraseKeys
from vault.key_files import load_address_keys, load_keyring

_NEED_OF_NUMBER_KEYWORD = "anything"


class Identity(Protocol):
    """Whose words these are: of Settings, or of who checks for them."""

    @property
    def hotline_name(self) -> str:
        """The name that texters read."""

    @property
    def region(self) -> str:
        """Whose places."""

    @property
    def mode(self) -> str:
        """practice or live."""


def build_words(settings: Identity, documents: Mapping[str, Any]) -> Words:
    """All that turns reply keys into texts. Raises ContentError: bad content stops the start."""
    content = build_content(documents)
    told = build_telling(documents).find(settings.hotline_name)
    if told:
        raise ContentError(f"PORCHLIGHT_HOTLINE_NAME says {told!r}; whoever looks on reads the name too (X2)")
    for key, option in find_lost_options(content):
        raise ContentError(f"replies: {key} offers {option}, which nothing answers")
    lines = build_lines(documents)
    check_line_gaps(content, lines)
    return Words(
        content=content,
        lines=lines,
        directory=build_directory(documents, build_region(documents, settings.region), settings.mode),
        hotline_name=settings.hotline_name,
    )


def build_services(
    settings: Settings,
    documents: Mapping[str, Any],
    words: Words,
    watch: Watch,
    cover: LoadedCover | None = None,
    dialogue: Dialogue | None = None,
    rules: Rules | None = None,
) -> Services:
    """What the pipeline asks: rules, keywords, languages, lines and the dialogue engine.

    ``dialogue``: the engine of the version before, so that what is asked of it is counted once. ``rules``: those of
    screening, if they are built already.
    """
    rules = rules or build_rules(documents)
    if rules.learned is None:
        # The rules stand without it, and hear less: somebody must know (R5).
        watch.failed("learned_missing")
    keywords, languages = build_keywords(documents), build_languages(documents)
    taken, screener = Taken(documents), Screener(rules, watch)
    return Services(
        screen=screener.screen,
        glance=screener.glance,
        site_words=frozenset(documents["outreach"]["site_words"]),
        find_keyword=lambda text: find_keyword(text, keywords),
        guess_language=lambda text: guess_language(text, languages),
        pick_line=lambda channel, language, at: _memorable_line(words.lines_at(at), channel, language),
        replies=words.content,
        choice_words=build_choice_words(documents),
        dialogue=_check_answers(settings, dialogue or build_dialogue(settings, watch), words, documents, watch),
        find_act=taken.find_act,
        is_exit=taken.is_exit,
        answer_staff=partial(answer_staff, build_staff_needs(documents), words.directory),
        cover=cover.cover if cover else None,
    )


def build_rules(documents: Mapping[str, Any], *, hurried: bool = False) -> Rules:
    """All that screening knows of a version; ``hurried``: patterns are compiled by texts, or by ``Rules.compile``."""
    return build_screening(documents, *_load_stages(), hurried=hurried)


@functools.cache
def _load_stages() -> tuple[Vocabulary, LearnedStage | None]:
    """What screening reads beside the content: trained with a release, the same for every version of the words."""
    return load_vocabulary(), load_learned()


def _check_answers(
    settings: Settings, dialogue: Dialogue, words: Words, documents: Mapping[str, Any], watch: Watch
) -> Dialogue:
    known = KnownAnswers(dialogue, words)
    if not settings.assistant_url:
        return known
    return CheckedAssistant(known, words, documents, lambda code: watch.failed("assistant_refused", code))


def build_dialogue(settings: Settings, watch: Watch) -> Dialogue:
    """The engine, asked for no more than it can answer; another assistant in its place if one is set (X6)."""
    if settings.assistant_url:
        return WatchedDialogue(BoundedDialogue(RestAssistant(settings.assistant_url), MOST_ASKED_OF_ONE), watch)
    rasa = RasaDialogue(settings.rasa_urls, settings.rasa_token.reveal(), tell=watch.failed)
    return WatchedDialogue(BoundedDialogue(rasa, MOST_ASKED_OF_ONE * len(settings.rasa_urls)), watch)


@dataclass(frozen=True, slots=True)
class Said:
    """What of a worker's world comes from one version of the content."""

    words: Words
    services: Services
    timings: Timings
    staff_page: StaffPage
    rules: Rules = field(repr=False)

    def put_into(self, world: World) -> World:
        """The world with this version in it, and everything else as it is."""
        paging = replace(world.paging, words=self.staff_page)
        return replace(world, words=self.words, services=self.services, timings=self.timings, paging=paging)


def build_said(
    settings: Settings,
    served: Served,
    watch: Watch,
    dialogue: Dialogue,
    *,
    hurried: bool = False,
    prepared: Prepared | None = None,
) -> Said:
    """All of a worker that is content. Raises ContentError for a set that it could not serve.

    ``hurried`` is for a start: the patterns of screening are compiled behind it (R9); ``prepared`` may have the rules.
    """
    version, cover = served.version, load_cover(settings, served.documents)
    assistant = build_assistant_documents(SystemClock().now().date()) if settings.assistant_url else {}
    documents = {**served.documents, **cover.documents, **assistant}
    words = replace(build_words(settings, documents), version=version)
    rules = (prepared and prepared.find_rules(documents)) or build_rules(documents, hurried=hurried)
    return Said(
        words=words,
        rules=rules,
        services=build_services(settings, documents, words, watch, cover, dialogue, rules),
        timings=build_region(documents, settings.region).ladder,
        staff_page=build_staff_page(documents),
    )


def build_world(
    settings: Settings,
    worker: str,
    connectors: Mapping[ChannelName, Connector],
    watch: Watch,
    said: Said,
    store: Store,
) -> World:
    """Everything that a worker holds."""
    keys = Store(settings.keys_url.reveal())
    clock = SystemClock()
    tell = partial(watch.failed, "keys_lost")
    keyring = load_keyring(settings.key_file, tell)
    content_keys = ContentKeys(keys, keyring)
    return World(
        store=store,
        content_keys=content_keys,
        epochs=Epochs(keys),
        erase_keys=EraseKeys(keys, keyring),
        conversations=Conversations(store, content_keys),
        inbox=build_inbox(settings, store, keys, tell),
        committer=WatchedCommitter(store, worker, watch),
        address_keys=load_address_keys(settings.address_key_file, tell),
        services=said.services,
        words=said.words,
        connectors=connectors,
        timings=said.timings,
        clock=clock,
        watch=watch,
        paging=build_paging(settings, store, said.staff_page, clock, tell),
    )


def _memorable_line(lines: Lines, channel: str, language: str) -> str:
    return pick_line(lines, _NEED_OF_NUMBER_KEYWORD, channel=channel, language=language).id


class WatchedDialogue:
    """Asks the engine and tells the watch when it failed."""

    def __init__(self, dialogue: Dialogue, watch: Watch) -> None:
        self._dialogue = dialogue
        self._watch = watch

    async def answer(
        self,
        text: str,
        *,
        language: str,
        channel: str,
        state: Mapping[str, Any],
        now: datetime,
        choice: str | None = None,
    ) -> DialogueAnswer:
        """The engine's answer. Raises DialogueError as it does."""
        began, outcome = time.perf_counter(), "failed"
        try:
            said = await self._dialogue.answer(
                text, language=language, channel=channel, state=state, now=now, choice=choice
            )
            outcome = "answered"
        except DialogueError:
            self._watch.failed("dialogue_failed")
            raise
        finally:
            self._watch.took("dialogue", time.perf_counter() - began, outcome)
        return said
