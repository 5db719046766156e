"""The engine's answers held against the content of this turn: for seconds after a change the actions know other places.

A place that was pulled a moment ago is never named (D7); the texter gets a line that may know more, not silence.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.world import Words
from hotline.errors import ContentError, DialogueError
from hotline.ports import Dialogue, DialogueAnswer, ReplyRef
from hotline.resources import find_line

_NO_MORE = "place_no_more"
_NEED = "place_tonight"


class KnownAnswers:
    """A dialogue whose answers name nothing that this content does not have."""

    def __init__(self, dialogue: Dialogue, words: Words) -> None:
        self._dialogue = dialogue
        self._words = words

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
        """The engine's answer. Raises DialogueError as it does, and for a reply that nobody has words for."""
        said = await self._dialogue.answer(
            text, language=language, channel=channel, state=state, now=now, choice=choice
        )
        if all(self._is_known(ref) for ref in said.replies):
            return said
        return replace(said, replies=tuple(self._replace(ref, now) for ref in said.replies))

    def _is_known(self, ref: ReplyRef) -> bool:
        words = self._words
        try:
            words.content.reply(ref.key, "en")
            if "place" in ref.params:
                words.directory.get(ref.params["place"])
            if "line" in ref.params:
                words.lines.get(ref.params["line"])
        except ContentError:
            return False
        return True

    def _replace(self, ref: ReplyRef, now: datetime) -> ReplyRef:
        if self._is_known(ref):
            return ref
        if "place" not in ref.params:
            raise DialogueError("the engine answered with what this content does not have")
        return ReplyRef(_NO_MORE, {"line": find_line(self._words.directory, need=_NEED, now=now)})
