"""Builds the worker's world from Settings: content, rules, stores, keys. No globals."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from app.cover_file import LoadedCover, Taken, load_cover
from app.paging import build_paging
from app.pressure import MOST_ASKED_OF_ONE, BoundedDialogue
from app.settings import Settings
from app.watch import Watch
from app.watched import WatchedCommitter
from app.wiring import build_inbox
from app.world import SystemClock, Words, World
from bot.client import RasaDialogue
from connectors.contract import Connector
from hotline.choices import build_choice_words
from hotline.content import build_content, find_lost_options
from hotline.errors import ContentError, DialogueError
from hotline.keywords import build_keywords, find_keyword
from hotline.language import build_languages, guess_language
from hotline.messages import ChannelName
from hotline.numbers import Lines, build_lines, pick_line
from hotline.ports import Dialogue, DialogueAnswer
from hotline.regions import build_region
from hotline.replies import check_line_gaps
from hotline.resources import build_directory
from hotline.screening import Earlier, Rules, ScreeningResult, screen
from hotline.telling import build_telling
from hotline.turns import Services
from storage.connection import Store
from storage.content_files import find_version, load_documents, load_rules
from storage.content_keys import ContentKeys
from storage.conversations import Conversations
from storage.epochs import Epochs
from storage.erase_keys import EraseKeys
from storage.roster import Roster
from vault.key_files import load_address_keys, load_keyring

_NEED_OF_NUMBER_KEYWORD = "anything"


def build_words(settings: Settings, documents: Mapping[str, Any], now: datetime) -> Words:
    """All that turns reply keys into texts. Raises ContentError: bad content stops the start."""
    content = build_content(documents)
    told = build_telling(documents).find(settings.hotline_name)
    if told:
        raise ContentError(f"PORCHLIGHT_HOTLINE_NAME says {told!r}; whoever looks on reads the name too (X2)")
    for key, option in find_lost_options(content):
        raise ContentError(f"replies: {key} offers {option}, which nothing answers")
    lines = build_lines(documents).served(mode=settings.mode, now=now)
    check_line_gaps(content, lines)
    return Words(
        content=content,
        lines=lines,
        directory=build_directory(documents, build_region(documents, settings.region), settings.mode),
        hotline_name=settings.hotline_name,
    )


def build_services(
    settings: Settings, documents: Mapping[str, Any], words: Words, watch: Watch, cover: LoadedCover | None = None
) -> Services:
    """What the pipeline asks: rules, keywords, languages, lines and the dialogue engine."""
    rules = load_rules(documents)
    if rules.learned is None:
        # The rules stand without it, and hear less: somebody must know (R5).
        watch.failed("learned_missing")
    keywords, languages = build_keywords(documents), build_languages(documents)
    taken = Taken(documents)
    return Services(
        screen=lambda text, context: _screen_watched(text, context, rules, watch),
        glance=lambda text: screen(text, (), rules),
        find_keyword=lambda text: find_keyword(text, keywords),
        guess_language=lambda text: guess_language(text, languages),
        pick_line=lambda channel, language: _memorable_line(words.lines, channel, language),
        replies=words.content,
        choice_words=build_choice_words(documents),
        dialogue=WatchedDialogue(_build_dialogue(settings, watch), watch),
        find_act=taken.find_act,
        is_exit=taken.is_exit,
        cover=cover.cover if cover else None,
    )


def _build_dialogue(settings: Settings, watch: Watch) -> Dialogue:
    rasa = RasaDialogue(settings.rasa_urls, settings.rasa_token.reveal(), tell=watch.failed)
    return BoundedDialogue(rasa, MOST_ASKED_OF_ONE * len(settings.rasa_urls))


def build_world(settings: Settings, worker: str, connectors: Mapping[ChannelName, Connector], watch: Watch) -> World:
    """Everything that a worker holds."""
    store, keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
    documents = load_documents()
    version, cover = find_version(documents), load_cover(settings, documents)
    documents = {**documents, **cover.documents}
    clock = SystemClock()
    words = replace(build_words(settings, documents, clock.now()), version=version)
    tell = partial(watch.failed, "keys_lost")
    keyring = load_keyring(settings.key_file, tell)
    content_keys = ContentKeys(keys, keyring)
    return World(
        store=store,
        content_keys=content_keys,
        epochs=Epochs(keys),
        erase_keys=EraseKeys(keys, keyring),
        roster=Roster(store),
        conversations=Conversations(store, content_keys),
        inbox=build_inbox(settings, store, keys, tell),
        committer=WatchedCommitter(store, worker, watch),
        address_keys=load_address_keys(settings.address_key_file, tell),
        services=build_services(settings, documents, words, watch, cover),
        words=words,
        connectors=connectors,
        timings=build_region(documents, settings.region).ladder,
        clock=clock,
        watch=watch,
        paging=build_paging(settings, store, documents, clock, tell),
    )


def _screen_watched(text: str, context: Sequence[Earlier], rules: Rules, watch: Watch) -> ScreeningResult:
    began = time.perf_counter()
    try:
        result = screen(text, context, rules)
    except Exception as error:
        watch.failed("screening_failed", type(error).__name__)
        raise
    watch.took("screening", time.perf_counter() - began)
    watch.screened(result.level.label)
    return result


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
