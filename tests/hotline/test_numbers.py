"""Numbers that stay in the head: what is said, what is picked, what is refused (N1-N4, D3, D8)."""

import re
from datetime import UTC, date, datetime, timedelta

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.digits import flatten
from hotline.directory import build_directory
from hotline.errors import ContentError
from hotline.messages import CHANNELS
from hotline.numbers import UnknownLine, build_lines, pick_line
from hotline.regions import build_region
from hotline.screening.result import REASONS
from tests.hotline.verified import shipped_documents, verified_documents

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINES = build_lines(shipped_documents())
IDS = (
    "emergency", "lifeline", "crisis_text", "trafficking", "runaway", "safe_place", "safe_place_las_vegas",
    "info_211", "take_it_down", "stop_ncii", "poison", "sexual_assault", "love_is_respect", "domestic_violence",
    "trans_lifeline", "samhsa", "relay_711", "safenest", "trevor", "lgbt_youth", "strong_hearts", "childhelp",
    "missing_children", "teen_text",
)  # fmt: skip
AGES_OF_A_CONFIRMATION = [(0, True, False), (90, True, False), (91, True, True), (180, True, True), (181, False, False)]


def changed(line="lifeline", **fields):
    documents = shipped_documents()
    documents["numbers"]["lines"][line] |= fields
    return documents


def test_every_line_of_the_brief_is_there():
    assert sorted(LINES.by_id) == sorted(IDS)


@pytest.mark.parametrize("line", list(LINES), ids=lambda line: line.id)
def test_a_line_loads_unconfirmed(line):
    """D3: nobody has phoned any of them."""
    assert line.verification.assured_on is None


@pytest.mark.parametrize(
    ("line", "language", "how"),
    [
        ("lifeline", "en", "call or text 988"),
        ("lifeline", "es", "llama al 988 o manda AYUDA al 988"),
        ("emergency", "en", "call 911"),
        ("emergency", "es", "llama al 911"),
        ("crisis_text", "en", "text HOME to 741741"),
        ("crisis_text", "es", "manda AYUDA al 741741"),
        ("trafficking", "en", "text 233733 (BEFREE)"),
        ("runaway", "en", "call 1-800-786-2929 (1-800-RUNAWAY)"),
        ("safe_place", "en", "text SAFE and where you are to 44357 (4HELP)"),
        ("info_211", "es", "llama al 211"),
        ("sexual_assault", "en", "text HOPE to 64673"),
        ("sexual_assault", "es", "llama al 1-800-656-4673 (1-800-656-HOPE)"),
        ("safenest", "en", "call or text 702-646-4981"),
        ("take_it_down", "es", "entra a takeitdown.ncmec.org"),
    ],
)
def test_how_a_line_is_said(line, language, how):
    assert LINES.get(line).gaps(language, "sms")["how"] == how


def test_a_channel_that_cannot_text_gets_the_number_to_call_grouped_for_the_head():
    """N1: an aid of digits alone is the number, better grouped."""
    assert LINES.get("trafficking").gaps("en", "voice")["how"] == "call 888-3737-888"


def numbers_in(text):
    flat = (flatten(found) for found in re.findall(r"[0-9A-Z-]+", text) if not re.search("[A-Z]", found))
    return {number for number in flat if len(number) >= 3}


@pytest.mark.parametrize("line", list(LINES), ids=lambda line: line.id)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_all_gaps_of_a_line_hold_one_and_the_same_number(line, language, channel):
    """N1: one number a message."""
    gaps = line.gaps(language, channel)
    assert len(numbers_in(gaps["how"])) == (0 if line.web else 1)
    assert numbers_in(gaps["digits"]) == numbers_in(gaps["how"])
    assert not numbers_in(gaps["note"])
    assert all(gaps.values())


def test_old_option_three_of_the_lifeline_is_never_named():
    assert not re.search(r"(press|oprime|marca) 3", str(LINES.get("lifeline").gaps("en", "sms")).lower())


def test_every_number_to_call_could_be_dialled():
    for line in LINES:
        if line.call is not None and len(flatten(line.call.number)) == 10:
            assert phonenumbers.is_possible_number(phonenumbers.parse(line.call.number, "US")), line.id


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("988", "lifeline"),
        ("is it 988?", "lifeline"),
        ("1-800-273-8255", "lifeline"),
        ("+1 (800) 273-8255", "lifeline"),
        ("18002738255", "lifeline"),
        ("befree", "trafficking"),
        ("888-3737-888", "trafficking"),
        ("888 373 7888", "trafficking"),
        ("1-800-RUNAWAY", "runaway"),
        ("runaway", "runaway"),
        ("u are safe", "safe_place_las_vegas"),
        ("866-U-ARE-SAFE", "safe_place_las_vegas"),
        ("898-211", "info_211"),
        ("4help", "safe_place"),
        ("i think 741741", "crisis_text"),
        ("74174", None),
        ("69866", None),
        ("77054", None),
        ("702-555-0100", None),
        ("", None),
        ("hello", None),
    ],
)
def test_a_number_is_found_as_people_type_it(typed, line):
    """N4: old numbers become the new one, misprints find nothing."""
    found = LINES.find_by_digits(typed)
    assert (found.id if found else None) == line


@given(st.text())
def test_looking_for_a_number_in_any_text_never_fails(text):
    found = LINES.find_by_digits(text)
    assert found is None or found.id in LINES.by_id


def test_the_error_for_an_unknown_line_repeats_nothing_that_was_typed():
    with pytest.raises(UnknownLine) as caught:
        LINES.get("702-555-0100")
    assert "555" not in str(caught.value)


def test_a_known_misprint_cannot_become_an_alias():
    """N4."""
    documents = shipped_documents()
    documents["numbers"]["aliases"].append({"number": "74174", "line": "crisis_text"})
    with pytest.raises(ContentError):
        build_lines(documents)


class TestServing:
    def test_practice_serves_lines_that_nobody_confirmed(self):
        assert len(list(LINES.served(mode="practice", now=NOW))) == len(IDS)

    def test_live_serves_only_the_lines_that_may_never_be_hidden_until_somebody_confirms(self):
        """D3."""
        assert set(LINES.served(mode="live", now=NOW).by_id) == {"emergency", "lifeline", "info_211", "crisis_text"}

    def test_live_picks_no_hidden_line(self):
        served = LINES.served(mode="live", now=NOW)
        for need in REASONS:
            assert pick_line(served, need, channel="sms", language="en").never_hidden

    def test_a_reply_that_names_a_hidden_line_still_finds_it(self):
        """No state of content ever stops the service (D3)."""
        assert LINES.served(mode="live", now=NOW).get("trafficking").id == "trafficking"

    @pytest.mark.parametrize(("days", "served", "last"), AGES_OF_A_CONFIRMATION)
    def test_a_confirmed_line_grows_old(self, days, served, last):
        lines = build_lines(verified_documents()).served(
            mode="live", now=datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(days=days)
        )
        assert ("trafficking" in lines.by_id) is served
        assert ("trafficking" in lines.put_last) is last

    def test_an_old_line_is_picked_after_a_fresh_one(self):
        documents = verified_documents()
        documents["numbers"]["lines"]["lifeline"]["assured_date"] = date(2026, 7, 1)
        lines = build_lines(documents).served(mode="live", now=NOW)
        assert pick_line(lines, "suicide", channel="sms", language="en").id == "crisis_text"

    def test_a_date_in_the_future_confirms_nothing(self):
        documents = verified_documents()
        documents["numbers"]["lines"]["trafficking"]["assured_date"] = date(2027, 11, 1)
        assert "trafficking" not in build_lines(documents).served(mode="live", now=NOW).by_id

    @pytest.mark.parametrize("mode", ["practice", "live"])
    @pytest.mark.parametrize(("pulled", "said"), [("runaway", "info_211"), ("trevor", "lifeline")])
    def test_a_pulled_line_is_given_in_no_mode_and_a_reply_that_names_it_says_another(self, mode, pulled, said):
        """D7: also in practice, where what nobody confirmed is served."""
        documents = verified_documents()
        documents["numbers"]["lines"][pulled]["status"] = "temporarily closed"
        lines = build_lines(documents).served(mode=mode, now=NOW)
        assert pulled not in lines.by_id and pulled in lines.known
        assert lines.get(pulled).id == said
        for need in LINES.get(pulled).needs:
            assert pick_line(lines, need, channel="sms", language="en", now=NOW).id != pulled

    def test_a_place_that_is_called_at_a_pulled_line_is_gone_with_it(self):
        """D7."""
        documents = shipped_documents()
        region = build_region(documents, "nevada")
        assert "home_free" in build_directory(documents, region, "practice").places
        documents["numbers"]["lines"]["runaway"]["status"] = "temporarily closed"
        assert "home_free" not in build_directory(documents, region, "practice").places

    @pytest.mark.parametrize(("line", "status"), [("lifeline", "temporarily closed"), ("trevor", "closed")])
    def test_a_line_that_is_never_hidden_is_not_closed_and_no_other_status_is_known(self, line, status):
        """D3, D8."""
        documents = shipped_documents()
        documents["numbers"]["lines"][line]["status"] = status
        with pytest.raises(ContentError, match="status"):
            build_lines(documents)

    def test_a_third_mode_is_refused(self):
        with pytest.raises(ContentError):
            LINES.served(mode="development", now=NOW)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("trafficking", {"text": {"number": "233733", "aid": "BEFREED", "words": {"en": ""}}}),
        ("runaway", {"call": {"number": "1-800-786-2929", "aid": "1-800-RUNAWAS"}}),
        ("crisis_text", {"text": {"number": "74174", "words": {"en": "HOME"}}}),
        ("crisis_text", {"text": {"number": "988", "words": {"en": "HOME"}}}),
        ("crisis_text", {"text": {"number": "7417410", "words": {"en": "HOME"}}}),
        ("crisis_text", {"text": {"number": "7417", "words": {"en": "HOME"}}}),
        ("poison", {"call": {"number": "1-800-273-8255"}}),
        ("poison", {"call": {"number": "44358"}}),
        ("poison", {"call": {"number": "800-222-122"}}),
        ("poison", {"call": None}),
        ("poison", {"ages": {"minimum": 19, "maximum": 18}}),
        ("poison", {"assured_date": date(2026, 11, 1)}),
        ("poison", {"verified_by": "somebody"}),
        ("poison", {"may_report": None}),
        ("poison", {"name": {"en": "Poison Help"}}),
        ("poison", {"phone": "1-800-222-1222"}),
        ("poison", {"call": {"number": 18002221222}}),
        ("lifeline", {"never_hidden": False}),
        ("crisis_text", {"never_hidden": False}),
    ],
)
def test_a_wrong_line_is_refused_at_start(line, fields):
    """D8, N4."""
    with pytest.raises(ContentError):
        build_lines(changed(line, **fields))


def test_the_refusal_of_a_doubled_number_names_its_owner():
    with pytest.raises(ContentError, match="already used by lifeline"):
        build_lines(changed("poison", call={"number": "1-800-273-8255"}))
