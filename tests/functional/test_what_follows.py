"""What follows on a risky text: the right reply for its reason, and what stays silent (R7, R8, R10)."""

import pytest

from tests.functional.stories import CHANNELS, STORY, NewTexter

pytestmark = STORY

SAID = [
    ("i want to kill myself", "ya no quiero vivir", "imminent", "988"),
    ("he has a gun and hes going to hurt me", "tiene una pistola y me va a matar", "imminent", "911"),
    ("i took all my pills", "me tome todas las pastillas", "imminent", "911"),
    ("im bleeding a lot", "me estoy desangrando", "imminent", "911"),
    ("im going to kill him", "lo voy a matar", "imminent", "988"),
    ("they wont let me leave and he sells me", "no me deja salir y me vende", "high", "233733"),
    ("hes gonna leak my nudes", "va a publicar mis fotos desnuda", "high", "takeitdown.ncmec.org"),
    ("my uncle touches me", "mi tio me toca", "high", "4673"),
    ("my friend wants to kill herself", "mi amiga se quiere matar", "high", "911"),
]


@pytest.mark.parametrize("language", [0, 1], ids=["en", "es"])
@pytest.mark.parametrize("row", SAID, ids=lambda row: row[0])
async def test_each_reason_is_answered_at_once_with_its_own_line_r7(
    new_texter: NewTexter, row: tuple[str, str, str, str], language: int
) -> None:
    texter = new_texter()
    *_, level, line = row
    replies = await texter.texts(row[language])
    assert line in replies[0]
    assert await texter.state() == {"owner": "waiting", "level": level}


@pytest.mark.parametrize("text", ["i took all my pills", "me tome todas las pastillas"])
async def test_after_an_overdose_one_part_holds_911_and_the_poison_line(new_texter: NewTexter, text: str) -> None:
    replies = await new_texter().texts(text)
    assert "911" in replies[0] and "222-1222" in replies[0] and len(replies[0]) <= 160


@CHANNELS
@pytest.mark.parametrize("text", ["did my daughter text this number", "mi hija les escribio"])
async def test_whoever_asks_after_another_learns_nothing_and_is_seen_by_an_advocate(
    new_texter: NewTexter, channel: str, text: str
) -> None:
    youth, other = new_texter(channel), new_texter(channel)
    before = await other.texts(text)
    await youth.texts("my stepdad hits me")
    assert await new_texter(channel).texts(text) == before
    assert await other.state() == {"owner": "waiting", "level": "high"}


@CHANNELS
async def test_someone_near_beats_every_other_reason_r10(new_texter: NewTexter, channel: str) -> None:
    texter = new_texter(channel)
    (line,) = await texter.texts("hes here he has a gun")
    assert len(line) < 25 and not any(sign.isdigit() for sign in line)
    assert await texter.state() == {"owner": "waiting", "level": "imminent"}


async def test_a_goodbye_after_a_crisis_text_is_heard_and_nothing_more_is_said(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("i want to kill myself")
    (line,) = await texter.texts("BYE")
    assert "988" not in line
    await texter.skips(20 * 60)
    assert await texter.reads() == []
    assert (await texter.state())["level"] == "imminent"


async def test_one_who_sounds_like_a_recruiter_gets_a_safety_reply_and_no_label_r8(new_texter: NewTexter) -> None:
    texter = new_texter()
    replies = " ".join(await texter.texts("he told me to bring him more girls")).lower()
    assert "233733" in replies
    for word in ("recruit", "risk", "level", "flag", "report you"):
        assert word not in replies


async def test_a_learned_alarm_is_treated_like_any_other(new_texter: NewTexter) -> None:
    """R5: no rule hears this; the second stage does."""
    texter = new_texter()
    replies = await texter.texts("he counts every mile on my moms car so i cant sneak out to get help")
    assert replies
    assert (await texter.state())["owner"] == "waiting"
