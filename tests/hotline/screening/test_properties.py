"""What holds of every text (R1, R4, R6)."""

import json
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline.screening import Earlier, Level, build_rules, screen
from hotline.screening.spelling import normalise
from hotline.text import fold
from storage.content_files import load_documents, load_rules, load_vocabulary

RULES = build_rules(load_documents(), load_vocabulary())
BOTH = load_rules(load_documents())
"""Both stages, as the product runs them; a fixture would be written out for every example."""
LISTS = [Path(__file__).resolve().parents[2] / "screening" / name for name in ("plain.jsonl", "must_never_miss.jsonl")]
ROWS = [json.loads(line) for path in LISTS for line in path.read_text("utf-8").splitlines()]
CRISIS = [row["text"] for row in ROWS if row["level"] == "imminent"]
WORDS = sorted(RULES.spelling.known | set(RULES.spelling.words))
ANY = st.text(st.characters(codec=None), max_size=300)
SAID = st.one_of(
    ANY,
    st.sampled_from([row["text"] for row in ROWS]),
    st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from("abcdefghikmnoprstuxyz.,!2")), max_size=14).map(
        " ".join
    ),
    st.lists(st.sampled_from([row["text"] for row in ROWS]), max_size=3).map(" ".join),
)


@given(SAID)
@example("ß\u0345'´")
@example("Ⅷ ﬁ ½ 𝓀𝓂𝓈")
def test_folding_and_normalising_twice_equals_once(text: str):
    assert fold(fold(text)) == fold(text)
    once = normalise(text, RULES.spelling)
    assert normalise(once, RULES.spelling) == once


@given(SAID, st.sampled_from(CRISIS), st.booleans())
@example("feel like dying do not let me salir", "shes looking at my phone", True)
@example("Y@:ENRO:LUEG", "viene para aca", True)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_adding_a_crisis_phrase_never_lowers_the_level(text: str, crisis: str, first: bool):
    """R6, of both stages together. A phrase in a text of its own is heard in full, whatever was said before it."""
    joined = f"{crisis}. {text}" if first else f"{text} {crisis}"
    assert screen(joined, (), BOTH).level >= screen(text, (), BOTH).level
    assert screen(crisis, [Earlier(text, 5)], BOTH).level is Level.IMMINENT


@given(SAID, st.lists(st.builds(Earlier, SAID, st.floats(0, 400)), max_size=4))
def test_context_never_lowers_and_the_same_text_gives_the_same_answer(text: str, context: list[Earlier]):
    """R1."""
    result = screen(text, context, RULES)
    assert result.level >= screen(text, (), RULES).level
    assert result == screen(text, context, RULES)
    assert bool(result.reasons) == bool(result.level)
