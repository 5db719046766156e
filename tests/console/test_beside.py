"""Beside the chat, without a browser: who may do what, and what never arrives or stays (A2-A5, C8, H8)."""

import re
from datetime import date, timedelta

import httpx
import pytest

from console.wording import list_keys, load_words
from hotline.cards import CARDS
from hotline.conversations import Owner
from hotline.outcomes import FLAG_REASONS, HARD_OUTCOMES, OUTCOMES
from hotline.reply_warnings import build_warning_rules
from hotline.screening.result import Level
from storage.content_files import load_documents
from tests.console.conftest import Stage, find_token, post

WINDOW = "/conversations/c1/window"


async def test_the_window_has_lines_in_both_languages_by_group(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A2."""
    await stage.hold("c1", language="es")
    page = (await robin.get(WINDOW)).text
    assert re.search(r'<ul class="quick" data-speech="es">.*Te leo', page)
    assert re.search(r'<ul class="quick" data-speech="en" hidden>.*I am here and I am reading', page)


async def test_what_the_browser_warns_by_is_served_and_takes_nothing(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A2, A8: our own digits, the reviewed list of words, and words for every reason in both languages."""
    data = (await robin.get("/composing")).json()
    assert "8883737888" in data["known"]
    assert data["banned"]["en"]["v3_order"]
    reasons = {reason for groups in build_warning_rules(load_documents()).banned.values() for reason in groups}
    async with stage.log_in("luz") as luz:
        for said in (data, (await luz.get("/composing")).json()):
            assert reasons <= set(said["words"]["banned"])


async def test_every_card_is_there_to_read_in_the_consoles_language(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A3."""
    page = (await robin.get("/cards")).text
    assert all(f'id="card-{card}"' in page for card in CARDS)
    assert "702-555-0111" in page
    assert "not confirmed" in page
    assert "Not approved by counsel yet." in page
    async with stage.log_in("luz") as luz:
        assert "Derechos" in (await luz.get("/cards")).text


async def test_options_say_what_is_unknown_and_never_an_address(stage: Stage, robin: httpx.AsyncClient) -> None:
    """C8, D4, H8."""
    answer = await post(robin, "/referral/options", need="place_tonight", area="Reno", age="16", language="en")
    assert "The Nest" in answer.text
    assert "Nobody has confirmed this entry lately." in answer.text
    assert "Calls a parent</dt><dd>unknown" in answer.text
    assert "Tells police or child welfare</dt><dd>yes" in answer.text
    assert "Its address is kept back." in answer.text
    none = await post(robin, "/referral/options", need="food", area="", age="", language="es")
    assert "No place is known" in none.text
    assert "Runaway line" in none.text


@pytest.mark.parametrize(
    "fields", [{"need": "x"}, {"need": "food", "age": "x"}, {"need": "food", "area": "x" * 61}, {"age": "1"}]
)
async def test_a_search_for_nothing_known_is_refused(robin: httpx.AsyncClient, fields: dict[str, str]) -> None:
    assert (await post(robin, "/referral/options", **fields)).status_code == 400


async def test_a_referral_leaves_a_count_of_the_place_and_nothing_else(stage: Stage, robin: httpx.AsyncClient) -> None:
    """O4, H8: no conversation, no person, no words."""
    await stage.hold("c1")
    extra = {"conversation": "c1", "text": "hello", "consent-first_name": "yes"}
    for agreed in ("yes", "no"):
        assert (await post(robin, "/referral/record", resource="the_nest", agreed=agreed, **extra)).status_code == 200
    day = date(2026, 11, 21)
    assert stage.beside.counts.referrals == {(day, "the_nest", True): 1, (day, "the_nest", False): 1}
    assert (await post(robin, "/referral/record", resource="elsewhere", agreed="yes")).status_code == 400
    assert (await post(robin, "/referral/record", resource="the_nest", agreed="maybe")).status_code == 400


async def test_a_clock_runs_presses_and_ends(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A4."""
    assert (await post(robin, "/clocks/start", kind="report")).headers["location"] == "/clocks"
    assert "pressing" not in (await robin.get("/clocks/strip")).text
    assert (await robin.get("/clocks/strip")).text.strip() == ""
    page = (await robin.get("/clocks")).text
    assert "Report to child welfare" in page
    assert "Police at once" in page
    stage.clock.pass_seconds(timedelta(hours=20).total_seconds())
    async with stage.log_in("supervisor") as supervisor:
        assert "Report to child welfare" in (await supervisor.get("/clocks/strip")).text
        await post(supervisor, "/clocks/end", clock=stage.beside.clocks.running[0].id)
        assert "No clock is running." in (await supervisor.get("/clocks")).text
        assert (await post(supervisor, "/clocks/start", kind="other")).status_code == 400


async def test_the_blank_form_has_nothing_that_could_be_sent(robin: httpx.AsyncClient) -> None:
    """A4: its fields stand in no form and have no names."""
    page = (await robin.get("/report-form")).text
    body = page.split('class="page printable"')[1].split("</main>")[0]
    assert "<form" not in body
    assert "name=" not in body
    assert body.count("<textarea") == 11


async def test_passing_on_asks_a_colleague_who_is_there_and_accepting_takes_it(stage: Stage) -> None:
    """A2."""
    await stage.hold("c1")
    await stage.desk.set_present("luz", 45)
    await stage.desk.set_present("supervisor", 45)
    async with stage.log_in("robin") as robin, stage.log_in("luz") as luz:
        page = (await robin.get(WINDOW)).text
        assert "Alias Luz" in page
        assert "Alias Supervisor" not in page
        for nobody in ("admin", "supervisor", "robin", "nobody"):
            assert (await post(robin, "/conversations/c1/transfer", to=nobody)).status_code == 400
        asked = await post(robin, "/conversations/c1/transfer", to="luz")
        assert asked.headers["location"] == "/waiting?notice=transfer_asked"
        assert "Un colega te pasa esta" in (await luz.get("/waiting")).text
        assert "passes this on to you" not in (await robin.get("/waiting")).text
        taken = await post(luz, "/conversations/c1/accept")
        assert taken.headers["location"] == "/conversations/c1"
        assert (await robin.get(WINDOW)).status_code == 404
    sent = [(command.kind, command.advocate, command.detail) for command in stage.desk.commands]
    assert sent == [("transfer", "robin", "luz"), ("accept", "luz", "")]


async def test_a_conversation_may_be_put_back_paired_and_held(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A2, A4."""
    await stage.hold("c1")
    await stage.desk.set_present("luz", 45)
    assert (await post(robin, "/conversations/c1/pair", to="luz")).headers["location"] == f"{WINDOW}?notice=paired"
    assert "A second advocate is in" in (await robin.get(f"{WINDOW}?notice=paired")).text
    async with stage.log_in("luz") as luz:
        left = await post(luz, "/conversations/c1/unpair")
        assert left.headers["location"] == "/waiting?notice=unpaired"
        assert (await post(luz, "/conversations/c1/unpair")).status_code == 404
    assert (await post(robin, "/conversations/c1/hold")).headers["location"] == f"{WINDOW}?notice=held"
    assert stage.desk.commands[-1].detail == "120"
    ended = await post(robin, "/conversations/c1/hold", end="yes")
    assert ended.headers["location"] == f"{WINDOW}?notice=hold_ended"
    assert stage.desk.commands[-1].detail == "0"
    await stage.hold("c1", held_until=stage.clock.now())
    assert "end the hold" in (await robin.get(f"{WINDOW}?notice=hold_ended")).text
    assert (await post(robin, "/conversations/c1/transfer", to="")).headers["location"] == "/waiting?notice=put_back"
    assert stage.desk.open["c1"].owner is Owner.WAITING  # type: ignore[index]


@pytest.mark.parametrize("action", ["transfer", "pair", "unpair", "accept", "hold", "block", "release", "close"])
async def test_nobody_but_the_holder_may_act_on_a_conversation(
    stage: Stage, robin: httpx.AsyncClient, action: str
) -> None:
    """A9: all else is the same 404, and the worker hears nothing."""
    await stage.desk.set_present("luz", 45)
    await stage.hold("c1", by="luz")
    await stage.wait_for_advocate("c2")
    for conversation in ("c1", "c2", "nothing"):
        fields = {"to": "luz", "outcome": "other"}
        assert (await post(robin, f"/conversations/{conversation}/{action}", **fields)).status_code == 404
    assert stage.desk.commands == []


async def test_a_second_advocate_reads_but_does_not_pass_it_on(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A2: pairing gives no right to give away."""
    await stage.desk.set_present("supervisor", 45)
    await stage.hold("c1", by="luz", partner="robin")
    for action in ("transfer", "pair", "hold", "block"):
        assert (await post(robin, f"/conversations/c1/{action}", to="")).status_code == 404


async def test_blocking_a_probe_takes_two_people(stage: Stage, robin: httpx.AsyncClient) -> None:
    """R8."""
    await stage.hold("c1")
    assert (await post(robin, "/conversations/c1/block")).headers["location"] == f"{WINDOW}?notice=block_asked"
    assert "asks to block" not in (await robin.get("/waiting")).text
    async with stage.log_in("luz") as luz:
        assert "pide bloquear" in (await luz.get("/waiting")).text
        done = await post(luz, "/conversations/c1/block")
        assert done.headers["location"] == "/waiting?notice=blocked"


async def test_nobody_holds_more_conversations_than_the_cap(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A5."""
    for number in range(stage.beside.most_open):
        await stage.hold(f"h{number}")
    await stage.wait_for_advocate("c1")
    await stage.hold("c2", by="luz", transfer_to="robin")
    for path in ("/conversations/c1/claim", "/conversations/c2/accept"):
        assert (await post(robin, path)).headers["location"] == "/waiting?notice=full"
    assert "Ask a supervisor" in (await robin.get("/waiting?notice=full")).text
    assert stage.desk.commands == []


async def test_ones_own_cap_counts_where_it_is_the_smaller(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A5."""
    await stage.accounts.set_open_cap("robin", 1)
    await stage.wait_for_advocate("c1")
    await stage.wait_for_advocate("c2")
    for conversation, where in (("c1", "/conversations/c1"), ("c2", "/waiting?notice=full")):
        assert (await post(robin, f"/conversations/{conversation}/claim")).headers["location"] == where


async def test_a_break_hands_everything_on_and_an_open_page_does_not_end_it(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    """A5."""
    await stage.hold("c1")
    await stage.hold("c2", by="luz")
    await stage.desk.set_present("robin", 45)
    assert (await post(robin, "/break")).headers["location"] == "/break"
    assert [(command.kind, command.conversation) for command in stage.desk.commands] == [("transfer", "c1")]
    await stage.desk.set_present("robin", 45)
    assert await stage.desk.present_names() == []
    page = (await robin.get("/break")).text
    assert "sse-connect" not in page
    assert "You are off the list" in page
    assert (await robin.post("/break/end", data={"csrf": find_token(page)})).headers["location"] == "/waiting"
    assert not await stage.desk.is_on_break("robin")


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_closing_says_how_it_ended_by_a_code(stage: Stage, robin: httpx.AsyncClient, outcome: str) -> None:
    """A2, A5: a hard one leads to a quiet minute."""
    await stage.hold("c1")
    answer = await post(robin, "/conversations/c1/close", outcome=outcome)
    assert stage.desk.commands[-1].detail == outcome
    assert (answer.headers["location"] == "/debrief") is (outcome in HARD_OUTCOMES)


async def test_an_imminent_conversation_is_followed_by_a_quiet_minute(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A5: nothing on the page takes words; the reminder is a clock without a name."""
    await stage.hold("c1", level=Level.IMMINENT)
    assert (await post(robin, "/conversations/c1/close", outcome="referred")).headers["location"] == "/debrief"
    page = (await robin.get("/debrief")).text
    assert "Your supervisor." in page
    assert "<textarea" not in page
    await post(robin, "/clocks/start", kind="debrief")
    assert [clock.kind for clock in stage.beside.clocks.running] == ["debrief"]


async def test_words_are_no_outcome(stage: Stage, robin: httpx.AsyncClient) -> None:
    """P1: no free text is kept."""
    await stage.hold("c1")
    assert (await post(robin, "/conversations/c1/close", outcome="she went home")).status_code == 400
    assert stage.desk.commands == []


async def test_a_flag_is_two_codes_and_its_count_is_for_administrators(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A2."""
    for reason in FLAG_REASONS:
        assert (await post(robin, "/flag", resource="the_nest", reason=reason, text="words")).status_code == 200
    assert (await post(robin, "/flag", resource="the_nest", reason="they were rude")).status_code == 400
    assert (await post(robin, "/flag", resource="elsewhere", reason="closed")).status_code == 400
    assert (await robin.get("/flags")).status_code == 403
    async with stage.log_in("admin") as admin:
        page = (await admin.get("/flags")).text
        assert "The Nest" in page
        assert "Closed: 1 times" in page
        assert "Looked into it" in page
        answer = await admin.post("/flags/clear", data={"csrf": find_token(page), "resource": "the_nest"})
        assert answer.status_code == 303
        assert "No place is flagged." in (await admin.get("/flags")).text


async def test_a_worker_that_does_not_answer_is_said_on_every_action(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.hold("c1")
    stage.desk.slow = True
    for action in ("hold", "transfer", "block"):
        answer = await post(robin, f"/conversations/c1/{action}", to="")
        assert answer.headers["location"] == f"{WINDOW}?notice=slow"
    assert "No answer yet." in (await robin.get(f"{WINDOW}?notice=slow")).text
    assert (await post(robin, "/break")).status_code == 303


def test_no_word_has_the_name_of_a_method_that_a_template_would_find_instead() -> None:
    for words in load_words().values():
        assert [key for key in list_keys(words) if set(key.split(".")) & set(dir(dict))] == []


async def test_what_was_taken_may_be_put_back_from_the_note_without_a_reason_a5(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    await stage.hold("c1")
    assert 'action="/conversations/c1/decline"' in (await robin.get("/conversations/c1")).text
    answer = await post(robin, "/conversations/c1/decline")
    assert answer.headers["location"] == "/waiting?notice=declined"
