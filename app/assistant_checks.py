"""Another assistant's words, held against our rules before they are sent; what is refused goes to a person (X6)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.content_rules import find_opting_out, list_opting_out
from app.world import Words
from hotline.assistant_words import KEY, find_refusal
from hotline.errors import DialogueError
from hotline.ports import Dialogue, DialogueAnswer
from hotline.reply_warnings import build_warning_rules

type Tell = Callable[[str], None]
"""Hears why words were refused, as a code; never a word of them."""


class CheckedAssistant:
    """A dialogue whose own words pass ``find_refusal``; replies that are ours pass as they are."""

    def __init__(self, dialogue: Dialogue, words: Words, documents: Mapping[str, Any], tell: Tell) -> None:
        self._dialogue = dialogue
        self._words = words
        places = words.directory.places.values()
        streets = [place.street for place in places if place.street and not place.confidential]
        self._rules = build_warning_rules(documents, streets)
        self._opting_out = list_opting_out(documents)
        self._tell = tell

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
        """The assistant's answer. Raises DialogueError as it does, and for words that must not pass."""
        said = await self._dialogue.answer(
            text, language=language, channel=channel, state=state, now=now, choice=choice
        )
        texts = [ref.params["said"] for ref in said.replies if ref.key == KEY]
        refusal = find_refusal(texts, self._rules, lambda digits: self._words.knows_number(digits, now))
        if any(find_opting_out(text, self._opting_out) for text in texts):
            refusal = refusal or "opts_out"
        if refusal:
            self._tell(refusal)
            raise DialogueError("the assistant's words must not pass")
        return said
