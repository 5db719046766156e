"""The rule that picks the one number to give: need, area, age, hour, channel, then the head (N1, N2)."""

from datetime import UTC, datetime

import pytest
import yaml

from hotline.categories import build_categories
from hotline.errors import ContentError
from hotline.messages import CHANNELS
from hotline.numbers import build_lines, pick_line
from hotline.screening.result import REASONS
from storage.content_files import CONTENT_FOLDER
from tests.hotline.verified import shipped_documents

LINES = build_lines(shipped_documents())


def changed(line="lifeline", **fields):
    documents = shipped_documents()
    documents["numbers"]["lines"][line] |= fields
    return documents


@pytest.mark.parametrize(
    ("need", "language", "line"),
    [
        # the need decides
        ("danger", "en", "emergency"),
        ("overdose", "es", "emergency"),
        ("urgent_medical", "en", "emergency"),
        ("suicide", "en", "lifeline"),
        ("suicide", "es", "lifeline"),
        ("control", "en", "trafficking"),
        ("labour", "es", "trafficking"),
        ("ran_away", "en", "runaway"),
        ("missing_child", "en", "missing_children"),
        ("poison", "en", "poison"),
        ("substance_use", "en", "samhsa"),
        ("food", "en", "info_211"),
        ("family_hurting", "en", "childhelp"),
        ("sexual_abuse", "en", "sexual_assault"),
        ("tribal", "en", "strong_hearts"),
        # among lines for one need: a line for texts for one who texts
        ("homeless", "en", "safe_place"),
        ("homeless", "es", "safe_place"),
        ("partner_violence", "en", "love_is_respect"),
        ("lgbtq", "en", "trevor"),
        # what nobody serves gets the easiest line for anything
        ("small_talk", "en", "lifeline"),
        ("no such need", "es", "lifeline"),
    ],
)
def test_the_line_picked_for_a_need(need, language, line):
    """N2."""
    assert pick_line(LINES, need, channel="sms", language=language).id == line


NIGHT, DAY = datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 22, 22, tzinfo=UTC)
HERE = {"las vegas": ("state:NV", "metro:las_vegas"), "elko": ("state:NV",), "oregon": ("state:OR",)}
"""02:00 and 14:00 on Nevada's clock, on a Sunday."""


@pytest.mark.parametrize(
    ("need", "area", "age", "when", "channel", "language", "line"),
    [
        # area: a line of one town only for those who stand there
        ("place_tonight", "las vegas", 15, NIGHT, "sms", "en", "safe_place"),
        ("place_tonight", "las vegas", 15, NIGHT, "voice", "en", "runaway"),
        ("place_tonight", "elko", 19, NIGHT, "sms", "en", "runaway"),
        ("place_tonight", "elko", 24, NIGHT, "sms", "en", "info_211"),
        ("partner_violence", "las vegas", 15, DAY, "sms", "en", "love_is_respect"),
        # hour: a line that is closed is not given
        ("talk_by_text", "las vegas", 16, DAY, "sms", "en", "crisis_text"),
        ("talk_by_text", "elko", 16, NIGHT, "telegram", "es", "crisis_text"),
        # channel and language: a number to text for one who texts, if it answers texts in this language
        ("talk_by_text", "oregon", 16, DAY, "sms", "en", "crisis_text"),
        ("made_to_do_things", "elko", 16, NIGHT, "telegram", "es", "trafficking"),
        ("assault_exam", "reno", 16, NIGHT, "sms", "es", "sexual_assault"),
        ("self_harm", "elko", 16, NIGHT, "sms", "en", "lifeline"),
        ("self_harm", "elko", 16, NIGHT, "voice", "es", "lifeline"),
        # age
        ("lgbtq", "elko", 17, DAY, "sms", "en", "trevor"),
        ("lgbtq", "elko", 25, DAY, "sms", "en", "lgbt_youth"),
        ("lgbtq", "elko", 26, DAY, "sms", "en", "lifeline"),
        ("gender_care", "elko", 17, DAY, "voice", "en", "trevor"),
        ("pictures_threat", "elko", 17, DAY, "sms", "en", "take_it_down"),
        ("pictures_threat", "elko", 18, DAY, "sms", "en", "stop_ncii"),
        ("thinking_of_running", "elko", 16, DAY, "sms", "en", "runaway"),
        ("thinking_of_running", "elko", 23, DAY, "sms", "en", "lifeline"),
        # what the newer topics get
        ("compensation", "elko", None, DAY, "sms", "en", "info_211"),
        ("documents", "elko", None, DAY, "sms", "es", "info_211"),
        ("boys_men", "elko", 16, DAY, "sms", "en", "sexual_assault"),
        ("phone_watched", "elko", 16, DAY, "sms", "en", "love_is_respect"),
        ("worried_parent", "elko", None, DAY, "sms", "en", "info_211"),
        ("is_this_normal", "elko", None, DAY, "sms", "en", "lifeline"),
    ],
)
def test_the_line_picked_by_need_area_age_hour_channel_and_language(need, area, age, when, channel, language, line):
    """N2: the table of examples."""
    picked = pick_line(LINES, need, channel=channel, language=language, age=age, extents=HERE.get(area, ()), now=when)
    assert picked.id == line


class TestHours:
    """N2: a line with hours of its own."""

    def pick(self, when, **where):
        documents = shipped_documents()
        del documents["numbers"]["lines"]["crisis_text"]["needs"][:]
        documents["numbers"]["lines"]["crisis_text"]["needs"] += ["suicide", "anything"]
        given = {"extents": HERE["elko"], "age": 16} | where
        return pick_line(build_lines(documents), "talk_by_text", channel="sms", language="en", now=when, **given).id

    def test_it_is_given_while_it_answers(self):
        assert self.pick(DAY) == "teen_text"

    def test_it_is_not_given_while_it_is_closed(self):
        assert self.pick(NIGHT) == "lifeline"

    def test_it_is_given_neither_elsewhere_nor_at_another_age(self):
        assert self.pick(DAY, extents=HERE["oregon"]) == "lifeline"
        assert self.pick(DAY, age=25) == "lifeline"
        assert self.pick(DAY, age=13) == "lifeline"

    @pytest.mark.parametrize(("hour", "line"), [("19:59", "lifeline"), ("20:00", "teen_text"), ("06:00", "lifeline")])
    def test_its_clock_is_that_of_its_place(self, hour, line):
        assert self.pick(datetime.fromisoformat(f"2026-11-22 {hour}+00:00")) == line

    def test_without_a_clock_it_comes_after_those_that_always_answer(self):
        assert pick_line(LINES, "talk_by_text", channel="sms", language="en", extents=HERE["elko"]).always

    @pytest.mark.parametrize(
        "hours",
        ["weekdays", {}, {"time_zone": "America/Los_Angeles", "schedules": []}, {"schedules": [{"byday": "MO"}]}],
    )
    def test_hours_that_cannot_be_read_are_refused(self, hours):
        with pytest.raises(ContentError):
            build_lines(changed("teen_text", hours=hours))


def test_every_topic_that_needs_a_line_has_one_of_its_own():
    """N2: what remains gets the line for anything."""
    topics = yaml.safe_load((CONTENT_FOLDER / "topics.yml").read_text("utf-8"))["topics"]
    named = {need for line in LINES for need in line.needs}
    general = {name for name in topics if name not in named}
    assert general <= {
        "another_place", "inform_area", "no_referral", "not_ready", "worried_friend", "student", "are_you_bot",
        "what_can_you_do", "who_sees_this", "will_you_tell", "how_to_delete", "cost", "hours", "sharing", "hello",
        "thanks", "goodbye", "small_talk", "insult", "check_in", "need_help", "ask_person", "ask_number", "again",
        "practice_number", "menu", "change_language", "affirm", "deny", "unsure", "more", "enough",
    }  # fmt: skip


def test_every_category_of_place_has_a_line_to_fall_back_on():
    """D5."""
    named = {need for line in LINES for need in line.needs}
    assert set(build_categories(shipped_documents()).by_id) <= named


def test_age_takes_part_in_the_pick():
    """N2: 19 is too old for Safe Place; Take It Down is for under 18."""
    assert pick_line(LINES, "homeless", channel="sms", language="en", age=19).id == "runaway"
    assert pick_line(LINES, "pictures_threat", channel="sms", language="en", age=18).id == "stop_ncii"


def test_a_local_line_is_picked_only_for_those_who_stand_in_its_area():
    """N2."""
    lines = build_lines(changed("safenest", ease=1))
    here = pick_line(lines, "partner_violence", channel="sms", language="en", extents={"state:NV", "metro:las_vegas"})
    assert here.id == "safenest"
    for extents in ({"state:NV", "metro:reno"}, ()):
        there = pick_line(lines, "partner_violence", channel="sms", language="en", extents=extents)
        assert there.id == "love_is_respect"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_line_known_to_answer_day_and_night_or_the_only_one(reason, language, channel):
    line = pick_line(LINES, reason, channel=channel, language=language)
    assert line.always or [other.id for other in LINES if reason in other.needs] == [line.id]


def test_a_family_looking_for_somebody_is_never_sent_on_for_one_who_ran():
    """The line for missing children is offered for that alone."""
    assert LINES.get("missing_children").needs == {"missing_child"}
