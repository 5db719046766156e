"""Parts of the engine that need its environment but no running server."""

import json
import subprocess
from pathlib import Path

import pytest

from bot.training import ROOT, ensure_model
from tests.bot.engine_process import ENGINE_PYTHON

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

CANARY = "canary words 55102"


def run_inside(source: str, *, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home)}
    return subprocess.run(
        [str(ENGINE_PYTHON), "-c", source], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200
    )


def test_a_log_record_an_exception_and_a_warning_print_no_word(tmp_path: Path) -> None:
    """P1: whatever Rasa or a library puts into them."""
    done = run_inside(
        f"""
import logging, warnings, asyncio, structlog
from bot.engine import redaction
redaction.silence_words()
from structlog_sentry import SentryProcessor
logging.basicConfig(level=0)
structlog.configure(processors=[SentryProcessor(), structlog.processors.JSONRenderer()],
                    logger_factory=structlog.stdlib.LoggerFactory())
text = {CANARY!r}
logging.getLogger("rasa").error(f"said {{text}}")
logging.getLogger("rasa").error("said %s", text)
logging.getLogger("rasa").error("said %s %s", text)
try:
    raise ValueError(text)
except ValueError:
    logging.getLogger("rasa").exception(text)
    structlog.get_logger("rasa").error(text, exc_info=True, other=text)
structlog.get_logger("rasa").error("rest.message.received.failure", text=text)
warnings.warn(text)
class Bad:
    def __del__(self): raise ValueError(text)
b = Bad(); del b
raise RuntimeError(text)
""",
        home=tmp_path,
    )
    assert CANARY not in done.stdout + done.stderr
    assert "ERROR rasa: rest.message.received.failure" in done.stderr
    assert "ValueError at <module>" in done.stderr
    assert "CRITICAL RuntimeError" in done.stderr


def test_memory_is_kept_out_of_dumps_and_from_other_processes(tmp_path: Path) -> None:
    """P1."""
    done = run_inside(
        "import ctypes, resource\n"
        "from bot.engine.confinement import confine_memory\n"
        "confine_memory()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))",
        home=tmp_path,
    )
    assert done.stdout.strip() == "(0, 0) 0"


def test_a_slot_that_holds_words_never_leaves_the_engine(tmp_path: Path) -> None:
    """P1: neither from an action nor from a mistake in a form."""
    done = run_inside(
        f"""
from bot.engine import launcher
launcher.prepare(serving=False)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from bot.engine.state import StateError, build_tracker, pack_state
domain = Domain.load("domain.yml")
for value in ("NV:::", {CANARY!r}, ["reno_house"], [{CANARY!r}], {{"a": "b"}}, "x" * 81):
    tracker = build_tracker("t", {{}}, {{}}, domain)
    tracker.update(SlotSet("area", value))
    try:
        print(pack_state(tracker, 0, domain)["slots"])
    except StateError as error:
        print("refused", error)
""",
        home=tmp_path,
    )
    assert done.stdout.splitlines() == [
        "{'area': 'NV:::'}", "refused area", "{'area': ['reno_house']}", "refused area", "refused area", "refused area",
    ], done.stderr  # fmt: skip


def test_a_broken_intent_model_is_never_served(tmp_path: Path) -> None:
    """Rasa's own classifier answers untrained in that case."""
    done = run_inside(
        f"""
from pathlib import Path
from bot.engine.intents import IntentModelError, fit_intents, load_intents
folder = Path({str(tmp_path)!r})
texts = ["im hungry", "so hungry", "hi there", "hola hi", "thx", "thx"]
model = fit_intents(texts, ["food", "food", "hello", "hello", "thanks", "thanks"])
model.save(folder)
again = load_intents(folder)
assert again.rank("hungry")[0] == model.rank("hungry")[0] and again.rank("hungry")[0][0] == "food"
assert again.rank("") == []
for name in ("intents.json", "intents.npz"):
    content = (folder / name).read_bytes()
    for broken in (b"", content[: len(content) // 2], b"{{}}"):
        (folder / name).write_bytes(broken)
        try:
            load_intents(folder)
        except IntentModelError as error:
            print(type(error).__name__)
    (folder / name).write_bytes(content)
""",
        home=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["IntentModelError"] * 6


def test_one_text_is_scored_as_scikit_learn_scores_many(tmp_path: Path) -> None:
    """The quick path of a served turn and the rows that were learned from are the same numbers."""
    done = run_inside(
        """
import numpy as np
from bot.engine import intents
from bot.engine.evaluation import ROOT, load_examples
examples = load_examples(ROOT / "bot/data/nlu")[::7]
texts = [example.text for example in examples]
model = intents.fit_intents(texts, [example.intent for example in examples])
rows, _ = intents.read_examples([intents.fold(text) for text in texts], intents.load_concepts())
weights = np.zeros((rows.shape[1], len(model.labels)), np.float32)
kept = model._rows
weights[np.repeat(np.arange(len(weights)), np.diff(kept.starts)), kept.columns] = kept.values
expected = rows @ weights + model._bias
known = [(number, model.score(text)) for number, text in enumerate(texts)]
print(max(float(np.abs(score - expected[number]).max()) for number, score in known if score is not None))
""",
        home=tmp_path,
    )
    assert float(done.stdout) < 1e-4, done.stderr


def test_a_text_is_taken_apart_as_scikit_learn_does_it(tmp_path: Path) -> None:
    done = run_inside(
        """
from sklearn.feature_extraction.text import TfidfVectorizer
from bot.engine import intents
from bot.engine.evaluation import ROOT, load_examples
theirs = (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), lowercase=False).build_analyzer(),
          TfidfVectorizer(token_pattern=r"\\S+", ngram_range=(1, 2), lowercase=False).build_analyzer())
texts = ["", "a", "a b", "\u00f1 ?", *[example.text for example in load_examples(ROOT / "bot/data/nlu")[::5]]]
for text in map(intents.fold, texts):
    assert [intents.cut_words(text), intents.list_words(text)] == [analyse(text) for analyse in theirs], text
print(len(texts))
""",
        home=tmp_path,
    )
    assert int(done.stdout) > 1000, done.stderr


def test_training_again_gives_the_same_model(tmp_path: Path) -> None:
    done = run_inside(
        """
import hashlib
from bot.engine.evaluation import ROOT, load_examples
from bot.engine.intents import fit_intents
examples = load_examples(ROOT / "bot/data/nlu")[:400]
texts, intents = [e.text for e in examples], [e.intent for e in examples]
print(*{hashlib.sha256(fit_intents(texts, intents)._rows.values.tobytes()).hexdigest() for _ in range(2)})
""",
        home=tmp_path,
    )
    assert len(done.stdout.split()) == 1, done.stderr


def test_rasas_own_validation_finds_nothing_wrong(tmp_path: Path) -> None:
    """The ordinary command, as anyone who knows Rasa would call it."""
    ensure_model()
    done = subprocess.run(
        [str(ENGINE_PYTHON), "bot/engine/launcher.py", "data", "validate", "--data", "bot/data", "--fail-on-warnings"],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not list(tmp_path.iterdir())


def test_topics_are_told_apart_on_messages_that_training_never_sees() -> None:
    """V9: a floor under the figures of ``make bench-nlu``, equal in both languages; decision 0061 has the figures."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "bot.engine.evaluation", "--held-back"], cwd=ROOT, capture_output=True, text=True
    )
    figures = json.loads(done.stdout)
    for split in ("development", "test"):
        for language in ("en", "es"):
            measured = figures[split][language]
            assert measured["group_macro_f1"] >= 0.9
            assert measured["wrong_group_and_confident"] <= 0.05
            assert measured["answered"] >= 0.85
        assert abs(figures[split]["en"]["group_macro_f1"] - figures[split]["es"]["group_macro_f1"]) < 0.05
