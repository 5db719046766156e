"""Short answers in place: what "yes", "2", "the ride", "no" and "more" pick from the last question (V3, C11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.choices import build_choice_words, find_choice, find_named, find_next, find_spoken_names
from hotline.content import build_content
from hotline.errors import ContentError
from hotline.keywords import KeywordName
from hotline.ports import DialogueAnswer, ReplyRef
from storage.content_files import load_documents
from tests.hotline.pipeline_world import CHOICE_WORDS, PlainDialogue, PlainReplies, Talk

NAMED = PlainReplies().names
OFFERS = ("tips", "ride", "person")


def pick(text: str, offers: tuple[str, ...] = OFFERS, keyword: KeywordName | None = None) -> str | None:
    return find_choice(text, keyword, offers, CHOICE_WORDS, NAMED)


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("1", "tips"), ("2", "ride"), ("ya the 2nd thing", "ride"), ("la segunda porfa", "ride"),
        ("3.", "person"), ("the second one", "ride"), ("La segunda", "ride"),
        ("número 3", "person"), ("ride", "ride"), ("the ride pls", "ride"), ("un viaje", "ride"), ("TIPS!!", "tips"),
        ("a person", "person"), ("persona", "person"), ("more", "tips"), ("otra", "tips"), ("next one", "tips"),
    ],
)  # fmt: skip
def test_few_words_pick_an_option(text: str, option: str) -> None:
    assert pick(text) == option


@pytest.mark.parametrize(
    "text",
    [
        "4", "no ride", "sin viaje", "tips or a ride", "i need a ride to the hospital right now please", "16",
        "not a person", "hungry", "", "???",
    ],
)  # fmt: skip
def test_a_text_that_says_something_of_its_own_picks_nothing(text: str) -> None:
    assert pick(text) is None


def test_yes_takes_the_first_option_and_nothing_when_none_was_offered() -> None:
    assert pick("yes", keyword=KeywordName.YES) == "tips"
    assert pick("yes", (), KeywordName.YES) is None


def test_more_never_means_a_person() -> None:
    assert find_next(("person", "tips")) == "tips"
    assert find_next(("person",)) is None


def test_a_longer_text_picks_only_when_nothing_else_was_made_of_it() -> None:
    long = "i think the ride would be the best for me"
    assert pick(long) is None
    assert find_named(long, OFFERS, CHOICE_WORDS, NAMED) == "ride"
    assert find_named(long + " because of all the things that he said then", OFFERS, CHOICE_WORDS, NAMED) is None


@given(st.text(max_size=60), st.lists(st.sampled_from(["tips", "ride", "person", "food"]), unique=True, max_size=4))
def test_a_pick_is_always_one_of_the_options(text: str, offers: list[str]) -> None:
    assert find_choice(text, None, offers, CHOICE_WORDS, NAMED) in {None, *offers}


@pytest.mark.parametrize(
    "broken", [{}, {"choices": {}}, {"choices": {"positions": [["1"]], "more": [], "person": ["x"]}}]
)
def test_a_broken_document_stops_the_start(broken: object) -> None:
    with pytest.raises(ContentError, match="choices"):
        build_choice_words({"choices": broken})


def test_no_word_that_picks_by_position_is_a_keyword() -> None:
    """A keyword acts in every state; a position only after a question (K1)."""
    from hotline.keywords import build_keywords

    words = build_keywords(load_documents()).words
    taken = [form for forms in (*CHOICE_WORDS.positions, CHOICE_WORDS.more) for form in forms if form in words]
    assert taken == []


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (
            "I hear you. Is it more the place, the ride, or things you heard?",
            {"a": ("place",), "b": ("ride",), "c": ("heard", "things")},
        ),
        ("¿Quieres un consejo, o dejarlo ahí?", {"a": ("consejo",), "b": ("ahi", "dejarlo")}),
        ("Want steps for your phone, to talk to a person, or something else?", {"a": ("phone", "steps"), "b": ()}),
        ("Want a tip, or just leave it for now?", {"a": ("tip",)}),
        ("Want one more?", {"a": ()}),
    ],
)
def test_a_question_says_by_which_words_its_options_can_be_picked(
    question: str, names: dict[str, tuple[str, ...]]
) -> None:
    found = find_spoken_names(question, list(names), CHOICE_WORDS.small)
    assert {option: found[option] for option in names} == names
    assert found.keys() - names.keys() <= {"enough"}


def test_a_question_that_does_not_name_its_options_one_by_one_names_none() -> None:
    assert find_spoken_names("Is that it, or this, or that, or more?", ["a", "b"], CHOICE_WORDS.small) == {}


def test_what_a_question_says_after_its_options_ends_it() -> None:
    names = find_spoken_names("Want a tip, or just leave it for now?", ["tips"], CHOICE_WORDS.small)
    assert names == {"tips": ("tip",), "enough": ("leave",)}


async def ask(*offered: str) -> Talk:
    """A talk in which the reply ``offered`` was just given."""
    answers = {"q": DialogueAnswer(tuple(map(ReplyRef, offered)), {"intent": "q"})}
    answers |= {name: DialogueAnswer((ReplyRef(name),), {}, intent=name) for name in ("affirm", "deny")}
    answers["more words"] = DialogueAnswer((ReplyRef("more_nothing"),), {}, intent="more")
    answers["qwe"] = DialogueAnswer((), {}, understood=False)
    answers["sure thing why not"] = DialogueAnswer((ReplyRef("affirm"),), {}, intent="affirm")
    talk = await Talk(dialogue=PlainDialogue(answers)).past_openings()
    assert await talk.say("q") == list(offered)
    return talk


async def test_a_chain_of_small_steps_goes_on_with_yes_and_more_c6() -> None:
    talk = await ask("tips")
    assert await talk.say("yes") == ["tips_2"]
    assert await talk.say("yes") == ["handoff_asked"], "the last step offers a person first"


async def test_yes_in_other_words_is_understood_in_place() -> None:
    talk = await ask("tips")
    assert await talk.say("sure thing why not") == ["tips_2"]


async def test_no_gets_the_reply_that_the_question_names_for_it() -> None:
    talk = await ask("tips")
    assert await talk.say("no") == ["enough"]


async def test_a_topic_that_was_picked_goes_through_the_engine_so_that_it_keeps_its_state() -> None:
    talk = await ask("place_more")
    assert await talk.say("yes please") == ["another_place"]
    assert talk.dialogue.asked[-1] == "another_place"


async def test_a_picked_topic_is_answered_while_the_engine_is_down_r9() -> None:
    talk = await ask("ask")
    talk.dialogue.down = True
    assert await talk.say("2") == ["ride"]


async def test_a_person_can_be_picked_by_place_and_by_name() -> None:
    assert await (await ask("ask")).say("3") == ["handoff_asked"]
    assert await (await ask("ask")).say("a person pls") == ["handoff_asked"]


async def test_what_was_offered_is_forgotten_with_the_next_answer() -> None:
    talk = await ask("ask")
    await talk.say("food please")
    assert await talk.say("2") != ["ride"]


async def test_more_goes_to_the_second_card_of_the_last_topic() -> None:
    talk = await ask("ride")
    assert await talk.say("more words") == ["ride_more"]
    assert await talk.say("more words") == ["more_nothing"]


async def test_whoever_comes_back_to_a_topic_hears_its_second_card() -> None:
    talk = await ask("ride")
    assert await talk.say("q") == ["ride_more"]
    assert await talk.say("q") == ["ride"], "then the first once more: nothing new is left to say"


async def test_words_of_an_option_help_when_nothing_else_was_understood() -> None:
    talk = await ask("ask")
    talk.dialogue.answers = {
        **talk.dialogue.answers,
        "maybe the ride could be good": DialogueAnswer((), understood=False),
    }
    assert await talk.say("maybe the ride could be good") == ["ride"]


async def test_a_homeless_text_that_the_engine_does_not_understand_still_gets_a_place_r7() -> None:
    talk = await ask("tips")
    talk.dialogue.answers = {**talk.dialogue.answers, "!homeless": DialogueAnswer((), understood=False)}
    assert await talk.say("!homeless") == ["place_tonight", "offer_person"]


async def test_two_wishes_in_one_text_are_both_answered() -> None:
    talk = await ask("tips")
    both = DialogueAnswer((ReplyRef("food"),), {}, also="ride")
    talk.dialogue.answers = {**talk.dialogue.answers, "both": both}
    assert await talk.say("both") == ["food", "ride"]


async def test_a_second_wish_without_room_is_asked_about_in_the_next_turn() -> None:
    talk = await ask("tips")
    full = DialogueAnswer((ReplyRef("place_found"), ReplyRef("place_more")), {}, also="ride")
    talk.dialogue.answers = {**talk.dialogue.answers, "both": full}
    assert await talk.say("both") == ["place_found", "place_more"]
    assert await talk.say("food please") == ["food", "also_asked"]
    assert talk.conversation.session.choices == ("ride",)
    assert await talk.say("yes") == ["ride"]


async def test_a_question_that_waits_for_words_comes_last() -> None:
    talk = await ask("tips")
    asks = DialogueAnswer((ReplyRef("ask_area"),), {}, also="food")
    talk.dialogue.answers = {**talk.dialogue.answers, "both": asks}
    assert await talk.say("both") == ["food", "ask_area"]


def test_every_option_of_the_real_content_can_be_picked_by_a_plain_word_in_both_languages() -> None:
    """An option that has no name can only be picked by its number."""
    content = build_content(load_documents())
    offered = {option for key in content.keys for option in content.reply(key, "en").offers} - {"person"}
    single = {content.reply(key, "en").offers[0] for key in content.keys if len(content.reply(key, "en").offers) == 1}
    assert sorted(option for option in offered - single if not content.names(option)) == []
