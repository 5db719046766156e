"""A topic with a place near, two topics to choose between, and who would come (C11, D1, D5)."""

from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.company import find_who
from bot.actions.knowledge import Knowledge, Wanted, load_knowledge
from bot.actions.registry import build_actions
from tests.bot.test_actions import NOW, run

RENO = "NV:Washoe_County:Reno:"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge("nevada", "practice")


@pytest.fixture
def actions(knowledge: Knowledge) -> dict[str, Action]:
    return dict(build_actions(knowledge))


async def test_a_need_without_an_area_adds_nothing_to_its_card(actions: dict[str, Action]) -> None:
    _, said = await run(actions["action_find_need"], "im hungry", "food")
    assert said == []


async def test_an_area_in_the_text_gives_a_place_instead_of_the_card(actions: dict[str, Action]) -> None:
    """D5: and what is said next is searched for the same need."""
    slots, said = await run(actions["action_find_need"], "counseling in reno", "counselling")
    assert slots["need"] == "counselling"
    assert slots["area"].startswith("NV:Washoe")
    assert said[0]["instead"] is True
    assert said[0]["key"] in {"place_found", "place_call_first"}


async def test_a_known_area_is_used_again(actions: dict[str, Action]) -> None:
    _, said = await run(actions["action_find_need"], "i want counseling", "counselling", area=RENO)
    assert said[0]["instead"] is True


async def test_a_need_that_no_place_serves_keeps_its_card_and_is_never_answered_with_a_bed(
    actions: dict[str, Action],
) -> None:
    slots, said = await run(actions["action_find_need"], "a doctor in reno", "doctor")
    assert said == []
    assert slots["need"] == "doctor"
    _, said = await run(actions["action_find_place"], "reno", "inform_area", area=RENO, need="doctor")
    assert said[-1]["key"] == "place_none_open"


async def choose(actions: dict[str, Action], *ranking: tuple[str, float]) -> list[dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    message = {
        "text": "x",
        "intent": {"name": "nlu_fallback"},
        "intent_ranking": [{"name": name, "confidence": share} for name, share in ranking],
    }
    tracker = Tracker("x", {}, message, [], False, None, {}, "action_listen")
    await actions["action_choose_topic"].run(dispatcher, tracker, {})
    return [said["custom"] for said in dispatcher.messages]


@pytest.mark.parametrize(("share", "said"), [(0.9, {"handoff": "asked"}), (0.5, {"key": "offer_person"})])
async def test_a_person_is_asked_for_where_it_is_clear_and_offered_where_it_is_not_h1(
    actions: dict[str, Action], share: float, said: dict[str, str]
) -> None:
    dispatcher = CollectingDispatcher()
    message = {"text": "x", "intent_ranking": [{"name": "ask_person", "confidence": share}]}
    tracker = Tracker("x", {}, message, [], False, None, {}, "action_listen")
    await actions["action_ask_person"].run(dispatcher, tracker, {})
    assert [one["custom"] for one in dispatcher.messages] == [said]


@pytest.mark.parametrize(("text", "band"), [("im 11", "under_12"), ("15", "under_18"), ("im 20", "adult")])
async def test_an_age_said_after_a_place_is_searched_again_c3(actions: dict[str, Action], text: str, band: str) -> None:
    slots, said = await run(actions["action_hear_age"], text, "need_help", area=RENO, need="place_tonight")
    assert slots["age"] == band
    assert said


async def test_a_plea_without_an_age_or_an_area_adds_nothing(actions: dict[str, Action]) -> None:
    assert await run(actions["action_hear_age"], "help me", "need_help", area=RENO) == ({}, [])
    assert await run(actions["action_hear_age"], "im 16", "need_help") == ({}, [])


async def test_two_likely_topics_are_named_in_plain_words(actions: dict[str, Action]) -> None:
    said = await choose(actions, ("nlu_fallback", 0.4), ("food", 0.3), ("hello", 0.25), ("ride", 0.2))
    assert said == [{"not_understood": True, "key": "choose", "params": {"first": "food", "second": "ride"}}]


@pytest.mark.parametrize(
    "ranking",
    [
        [("food", 0.1), ("ride", 0.1)],
        [("food", 0.4), ("ride", 0.01)],
        [("food", 0.34), ("hello", 0.3)],
        [],
    ],
)
async def test_what_is_not_likely_is_not_named(actions: dict[str, Action], ranking: list[tuple[str, float]]) -> None:
    assert await choose(actions, *ranking) == [{"not_understood": True}]


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("me and my 2 kids need a bed", ["with_child"]), ("con mi bebé", ["with_child"]),
        ("im a 16 year old boy", ["boy"]), ("im looking for a guy named x", []),
        ("soy un chavo trans", ["boy", "trans"]), ("im deaf", ["disability"]), ("I'm Paiute", ["tribal"]),
        ("i need a bed", []), ("my friend said so", []), ("", []),
    ],
)  # fmt: skip
def test_who_would_come_is_heard_and_never_asked(text: str, facets: list[str]) -> None:
    assert find_who(text) == facets


def test_who_would_come_reaches_the_search(knowledge: Knowledge) -> None:
    """D1: what nobody knows of a place is said as unknown."""
    area = find_area_of(knowledge)
    plain = knowledge.find(Wanted(area=area, band="under_18"), NOW).places
    with_child = knowledge.find(Wanted(area=area, band="under_18", who=("with_child",)), NOW).places
    assert [match.reference for match in plain] != [match.reference for match in with_child]


def find_area_of(knowledge: Knowledge) -> Any:
    from hotline.areas import find_area

    return find_area("las vegas", home=knowledge.directory.region.state)
