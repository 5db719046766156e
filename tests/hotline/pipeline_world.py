"""A small world for pipeline tests: implementations of what the core asks, driven by plain words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hotline.choices import build_choice_words
from hotline.conversations import Conversation, Session
from hotline.cover import Cover
from hotline.errors import DialogueError
from hotline.keywords import build_keywords, find_keyword
from hotline.messages import SMS, Address, ChannelName, ConversationId, Kind
from hotline.pipeline import handle_inbound
from hotline.ports import DialogueAnswer, ReplyRef
from hotline.private_words import build_act_forms, find_act
from hotline.screening import Earlier, Level, ScreeningResult
from hotline.turns import Outcome, Services, Turn
from storage.content_files import load_documents

NOON = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
KEYWORDS = build_keywords(load_documents())
CHOICE_WORDS = build_choice_words(load_documents())
ACT_FORMS = build_act_forms(load_documents())
COVER = Cover(frozenset({"laundry", "tokens"}), "lantern", 3)
_TWO_MESSAGES = {"first_help"}
_OFFERING = {
    "offer_person",
    "food",
    "high_suicide",
    "high_control",
    "dialogue_down",
    "first_help",
    "misunderstood_twice",
}
_OFFERS = {
    "tips": ("tips_2",),
    "tips_2": ("person",),
    "place_more": ("another_place", "person"),
    "ask": ("tips", "ride", "person"),
    "how_to_delete": ("phone_steps", "person"),
}
_KEYS = frozenset(
    {"food", "ride", "ride_more", "tips", "tips_2", "place_more", "menu", "more_nothing", "deny", "enough"}
    | {"after_high", "how_to_delete", "phone_steps"}
)
_AFTER_NO = {"tips": "enough"}
_NAMES = {
    "how_to_delete": ("delete", "borro"),
    "ride": ("ride", "a ride", "bus", "un viaje"),
    "tips": ("tips", "consejos"),
}
_MARKS = {
    "!imminent": ScreeningResult(Level.IMMINENT, ("suicide",)),
    "!danger": ScreeningResult(Level.IMMINENT, ("danger",)),
    "!high": ScreeningResult(Level.HIGH, ("control",)),
    "!homeless": ScreeningResult(Level.HIGH, ("homeless",)),
    "!here": ScreeningResult(Level.IMMINENT, ("someone_here",)),
    "!probe": ScreeningResult(Level.HIGH, ("probe",)),
    "!concern": ScreeningResult(Level.CONCERN, ("distress",)),
}


@dataclass(frozen=True)
class Line:
    texts: Sequence[str]
    offers: tuple[str, ...] = ()
    no: str | None = None


class PlainReplies:
    """Content in which every key is one message, but for a few."""

    def reply(self, key: str, language: str) -> Line:
        texts = (key, key) if key in _TWO_MESSAGES else (key,)
        offers = ("person", "tips") if key in _OFFERING else _OFFERS.get(key, ())
        return Line(texts, offers, _AFTER_NO.get(key))

    def names(self, option: str) -> Sequence[str]:
        return _NAMES.get(option, ())

    def lines_in(self, key: str) -> Sequence[str]:
        return ["info_211"] if key == "food" else []

    @property
    def keys(self) -> Collection[str]:
        return _KEYS

    @property
    def topics(self) -> Collection[str]:
        return {"food", "ride", "place_tonight", "another_place"}


@dataclass
class PlainDialogue:
    """Answers ``food`` to everything, unless told otherwise."""

    answers: Mapping[str, DialogueAnswer] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

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
        self.asked.append(choice or text)
        if self.down:
            raise DialogueError("down")
        if choice:
            return DialogueAnswer((ReplyRef(choice),))
        return self.answers.get(text, DialogueAnswer((ReplyRef("food"),), {"turns": state.get("turns", 0) + 1}))


def screen_by_mark(text: str, context: Sequence[Earlier]) -> ScreeningResult:
    if "!broken" in text:
        raise RuntimeError("screening is broken")
    return next((result for mark, result in _MARKS.items() if mark in text), ScreeningResult(Level.NONE))


class Talk:
    """One texter's conversation with the pipeline."""

    def __init__(
        self,
        *,
        on_shift: bool = True,
        channel: ChannelName = SMS,
        dialogue: PlainDialogue | None = None,
        cover: Cover | None = COVER,
    ) -> None:
        self.dialogue = dialogue or PlainDialogue()
        self.services = Services(
            screen=screen_by_mark,
            find_keyword=lambda text: find_keyword(text, KEYWORDS),
            guess_language=lambda text: None,
            pick_line=lambda channel, language, at: "lifeline",
            replies=PlainReplies(),
            choice_words=CHOICE_WORDS,
            dialogue=self.dialogue,
            find_act=lambda text: find_act(text, ACT_FORMS, lambda word: find_keyword(word, KEYWORDS) is not None),
            is_exit=lambda text: text.lower() in ACT_FORMS.exits,
            cover=cover,
        )
        self.conversation = Conversation(ConversationId("c1"), channel, Session(Address("+17025550123")))
        self.on_shift = on_shift
        self.opted_out = False
        self.blocked = False
        self.at = NOON
        self.last: Outcome | None = None

    async def say(
        self,
        *texts: str,
        kind: Kind = Kind.TEXT,
        opt_out: str | None = None,
        code: str | None = None,
        late: bool = False,
    ) -> list[str]:
        """Sends texts as one turn; the reply keys that follow."""
        self.at += timedelta(seconds=30)
        turn = Turn(texts, self.at, kind, opt_out, self.on_shift, self.opted_out, self.blocked, code, late=late)
        self.last = await handle_inbound(turn, self.conversation, self.services)
        self.conversation = self.last.conversation
        if self.last.stop is not None:
            self.opted_out = self.last.stop
        return [ref.key for ref in self.last.replies]

    async def past_openings(self) -> "Talk":
        """Two quiet turns, so that the welcome and the question about the phone are behind."""
        await self.say("food please")
        await self.say("food please")
        return self
