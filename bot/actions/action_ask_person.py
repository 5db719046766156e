"""A person is wanted."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import read_ranking
from bot.actions.place_answers import Events

REASON = "asked"
CLEAR = 0.6
"""The probability from which on a person is asked for: a hand-off locks the dialogue, an offer does not (H1)."""


class ActionAskPerson(Action):  # type: ignore[misc]  # the SDK has no types
    """Asks the worker for a hand-off; the worker knows whether anyone is on shift and says so (H4)."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The request alone, whose words are the worker's; an offer where it is not clear that a person is wanted."""
        ranking = read_ranking(tracker)
        unclear = bool(ranking) and ranking[0][1] < CLEAR
        dispatcher.utter_message(json_message={"key": "offer_person"} if unclear else {"handoff": REASON})
        return []
