"""Learning a number by heart, and numbers that a texter types in (N3, N4)."""

from typing import Any

import pytest
from rasa_sdk import Action

from bot.actions.knowledge import Knowledge, load_knowledge
from bot.actions.registry import build_actions
from tests.bot.test_actions import run


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge("nevada", "practice")


@pytest.fixture
def actions(knowledge: Knowledge) -> dict[str, Action]:
    return dict(build_actions(knowledge))


async def type_in(actions: dict[str, Action], text: str, **slots: Any) -> tuple[dict[str, Any], str | None]:
    """The slots that follow from typing a number, and the key that is said."""
    set_now, said = await run(actions["action_typed_number"], text, "typed_number", **slots)
    return set_now, said[0].get("key")


async def test_practice_needs_a_number_to_practise(actions: dict[str, Action]) -> None:
    _, said = await run(actions["action_practice_number"], "test me", "practice_number")
    assert said == [{"key": "practice_none"}]


async def test_practice_begins_in_the_head(actions: dict[str, Action]) -> None:
    slots, said = await run(actions["action_practice_number"], "test me", "practice_number", line="trafficking")
    assert said == [{"key": "practice_number", "params": {"line": "trafficking"}}]
    assert slots["practising"] is True
    assert slots["tries"] is None


@pytest.mark.parametrize("typed", ["233733", "BEFREE", "be free", "233 733", "888-373-7888"])
async def test_digits_and_letters_are_both_right(actions: dict[str, Action], typed: str) -> None:
    slots, key = await type_in(actions, typed, line="trafficking", practising=True)
    assert key == "practice_right"
    assert slots["practising"] is None


async def test_a_near_miss_gets_help_and_two_tries_at_most(actions: dict[str, Action]) -> None:
    slots, key = await type_in(actions, "233773", line="trafficking", practising=True)
    assert (key, slots["practising"], slots["tries"]) == ("practice_near", True, 1)
    slots, key = await type_in(actions, "999999", line="trafficking", practising=True, tries=1)
    assert (key, slots["practising"]) == ("practice_done", None)


@pytest.mark.parametrize(
    ("typed", "line"), [("1-800-273-8255", "lifeline"), ("is it 44357", "safe_place"), ("988", "lifeline")]
)
async def test_a_number_typed_without_practice_is_named_and_an_old_one_becomes_the_new(
    actions: dict[str, Action], typed: str, line: str
) -> None:
    slots, key = await type_in(actions, typed)
    assert (key, slots["line"]) == ("number_given", line)


async def test_a_number_that_is_none_of_ours_is_not_understood(actions: dict[str, Action]) -> None:
    """N4: a misprint is never served either."""
    for typed in ("74174", "5551234", "12"):
        _, said = await run(actions["action_typed_number"], typed, "typed_number")
        assert said == [{"not_understood": True}]
