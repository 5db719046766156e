"""The form of a screening term: no mark to learn, what is wrong said beside its field, a message to try (R3, G1)."""

from datetime import date

import httpx
import pytest

from console.content_fields import FormFault
from console.content_forms import build_parts, list_kinds, show_values
from console.editing import Judged, Trial
from console.wording import load_words
from hotline.screening.entries import parse_entries
from storage.content_files import load_documents
from tests.console.conftest import Stage
from tests.console.test_content_kinds import save
from tests.console.test_content_pages import admin, post, write

__all__ = ["admin"]

TERMS = {
    "screening/x": {
        "defaults": {"source": "own", "reviewer": None, "expires": date(2027, 5, 31), "detector": "control"},
        "entries": [
            {"id": "en-a", "class": "CTL", "weight": "medium", "meaning": "a", "phrases": ["one ", "? two", "three"]},
            {"id": "en-b", "class": "CTL", "weight": "weak", "meaning": "b", "phrases": ["four"], "source": "theirs"},
        ],
    }
}


def test_a_phrase_is_likely_by_the_box_in_which_it_stands_r3() -> None:
    """Nobody has to know the mark; what stays keeps its place, so that others see only what differs."""
    name = "screening/x~entries/en-a"
    shown = show_values(build_parts("screening", name, TERMS), TERMS)
    assert (shown["phrases_sure"], shown["phrases_likely"]) == ("one\nthree", "two")
    changed = save("screening", name, TERMS, phrases_sure="one\n? five", phrases_likely="three\n? two")
    first, second = changed["screening/x"]["entries"]
    assert first["phrases"] == ["one ", "? two", "five", "? three"]
    assert second == TERMS["screening/x"]["entries"][1]  # type: ignore[index]
    assert {key: value for key, value in first.items() if key != "phrases"} == {
        "id": "en-a", "class": "CTL", "weight": "medium", "meaning": "a"
    }  # fmt: skip
    assert [one.likely for one in parse_entries("x", changed["screening/x"])] == [False, True, False]


def test_a_term_takes_what_its_list_says_and_says_it_itself_only_when_it_differs() -> None:
    name = "screening/x~entries/en-b"
    fields = {field.name: field for part in build_parts("screening", name, TERMS) for field in part.fields}
    assert (fields["detector"].inherited, fields["expires"].inherited) == ("control", "2027-05-31")
    changed = save("screening", name, TERMS, detector="watched_phone", expires="2028-01-31", source="")
    assert changed["screening/x"]["entries"][1] == {
        "id": "en-b", "class": "CTL", "weight": "weak", "meaning": "b", "phrases": ["four"],
        "detector": "watched_phone", "expires": date(2028, 1, 31),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"weight": "plain"}, "level", "wants_level"), ({"level": "high"}, "level", "no_level_here"),
        ({"meaning": " "}, "meaning", "wants_meaning"), ({"expires": "soon"}, "expires", "no_date"),
        ({"phrases_sure": "", "phrases_likely": ""}, "phrases_sure", "wants_phrases"),
        ({"class": "XXX"}, "class", "no_choice"),
    ],
)  # fmt: skip
def test_a_term_that_screening_would_refuse_is_said_beside_its_field(
    typed: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(FormFault) as refused:
        save("screening", "screening/x~entries/en-a", TERMS, **typed)
    assert (refused.value.name, refused.value.code) == (field, code)
    assert all(code in load_words()[language]["content"]["fault"] for language in ("en", "es"))


def test_a_list_in_which_every_term_has_a_level_says_so() -> None:
    listed = {"screening/x": {**TERMS["screening/x"], "defaults": {"detector": "control", "level": "high"}}}
    with pytest.raises(FormFault) as refused:
        save("screening", "screening/x~entries/en-a", listed, meaning="c")
    assert refused.value.code == "list_has_level"


async def test_a_made_up_message_is_judged_as_served_and_with_the_change_and_kept_nowhere_r3(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    stage.editing.trial = Trial(judged=(Judged("none", (), ()), Judged("high", ("control",), (("en-x", "a life"),))))
    name = "screening/en_slang~entries/en-sign-trade"
    form = {"kind": "screening", "entry": name, "meaning": "Other words", "sample": "a made up line"}
    seen = (await post(admin, "/content/check", **form)).text
    assert all(said in seen for said in ("As it is now", "Not raised", "With your change", "High", "en-x: a life"))
    (sample,) = stage.editing.samples
    assert sample is not None
    assert (sample.text, set(sample.live)) == ("a made up line", {"screening/en_slang"})
    draft = await write(admin, **form)
    shown = await stage.editing.desk.show(draft)
    assert "a made up line" not in str(shown.draft)
    assert shown.lacks == ("two_more",)


def test_no_term_there_is_shows_its_phrases_as_yaml() -> None:
    documents = load_documents()
    for row in (row for row in list_kinds(documents)["screening"] if "~entries/" in row.entry):
        shown = show_values(build_parts("screening", row.entry, documents), documents)
        assert not f"{shown['phrases_sure']}\n{shown['phrases_likely']}".startswith("- "), row.entry
