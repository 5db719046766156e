"""Every custom action by name: an explicit list, so that nothing is found by accident."""

from collections.abc import Mapping

from rasa_sdk import Action

from bot.actions.action_again import ActionAgain
from bot.actions.action_another_place import ActionAnotherPlace
from bot.actions.action_ask_person import ActionAskPerson
from bot.actions.action_change_language import ActionChangeLanguage
from bot.actions.action_choose_topic import ActionChooseTopic
from bot.actions.action_find_need import ActionFindNeed
from bot.actions.action_find_place import ActionFindPlace
from bot.actions.action_give_number import ActionGiveNumber
from bot.actions.action_hear_age import ActionHearAge
from bot.actions.action_practice_number import ActionPracticeNumber
from bot.actions.action_typed_number import ActionTypedNumber
from bot.actions.knowledge import Knowledge
from bot.actions.validate_place_form import ValidatePlaceForm


def build_actions(knowledge: Knowledge) -> Mapping[str, Action]:
    """All actions over one knowledge."""
    actions = (
        ActionAgain(),
        ActionAnotherPlace(knowledge),
        ActionAskPerson(),
        ActionChangeLanguage(),
        ActionChooseTopic(knowledge),
        ActionFindNeed(knowledge),
        ActionFindPlace(knowledge),
        ActionGiveNumber(knowledge),
        ActionHearAge(knowledge),
        ActionPracticeNumber(),
        ActionTypedNumber(knowledge),
        ValidatePlaceForm(knowledge),
    )
    return {action.name(): action for action in actions}
