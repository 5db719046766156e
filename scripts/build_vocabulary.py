# /// script
# requires-python = ">=3.12"
# dependencies = ["wordfreq==3.1.1", "pyyaml", "google-re2"]
# ///
"""Counts the words of the labelled messages for screening's spelling: ``make vocabulary``.

Kept are words that several writers use and that are words at all, so that a slip may be told from what was meant, and
beside them every ordinary word of English or Spanish that would be taken for a slip of one of them. Which words are
ordinary comes from wordfreq (see safety_content/screening/NOTICE), which only this program needs.
"""

import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from wordfreq import top_n_list, zipf_frequency

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hotline.screening import build_rules  # noqa: E402
from hotline.screening.spelling import normalise  # noqa: E402
from hotline.screening.vocabulary import Vocabulary, mend, split  # noqa: E402
from scripts.train_risk import read_messages, read_ordinary  # noqa: E402
from storage.content_files import VOCABULARY, load_documents  # noqa: E402

FEWEST, FEWEST_WRITERS = 6, 3
COMMON, ORDINARY = 3.0, 2.5
"""Zipf frequencies: once in a million words, and once in three million."""
RULE_WORDS = 6
"""How often a word of the rules counts that the messages do not hold."""


def read_frequencies() -> dict[str, float]:
    """Zipf frequency of every word of English and Spanish, without accents."""
    found: dict[str, float] = {}
    for language in ("en", "es"):
        for word in top_n_list(language, 400_000):
            frequency = zipf_frequency(word, language)
            if frequency < ORDINARY:
                break
            plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
            plain = plain.replace("'", "")
            if plain.isascii() and plain.isalpha():
                found[plain] = max(found.get(plain, 0.0), frequency)
    return found


def count_words(texts: Iterable[tuple[str, str]]) -> tuple[Counter[str], Mapping[str, set[str]]]:
    """How often each word stands in (writer, text), and with which writers."""
    counts: Counter[str] = Counter()
    writers: defaultdict[str, set[str]] = defaultdict(set)
    for writer, text in texts:
        for word in text.split():
            if word.isalpha():
                counts[word] += 1
                writers[word].add(writer)
    return counts, writers


def pick_words(counts: Counter[str], writers: Mapping[str, set[str]], common: Mapping[str, float]) -> dict[str, int]:
    """The words that a slip may have meant."""
    return {
        word: count
        for word, count in counts.items()
        if count >= FEWEST and len(writers[word]) >= FEWEST_WRITERS and common.get(word, 0.0) >= COMMON
    }


def pick_ordinary(vocabulary: Vocabulary, words: Iterable[str]) -> list[str]:
    """The words that would be mended or split although they are words."""
    return sorted(word for word in words if mend(word, vocabulary) != word or split(word, vocabulary) != (word,))


def main() -> None:
    """The program."""
    rules, common = build_rules(load_documents()), read_frequencies()
    texts = [(message["pass"], message["text"]) for message in read_messages()]
    texts += [(f"topics {number % 5}", text) for number, text in enumerate(read_ordinary())]
    counts, writers = count_words((writer, normalise(text, rules.spelling)) for writer, text in texts)
    picked = pick_words(counts, writers, common)
    for word in rules.spelling.known:
        if len(word) > 2 and word.isalpha():
            picked.setdefault(word, RULE_WORDS)
    vocabulary = Vocabulary(picked)
    ordinary = pick_ordinary(vocabulary, {*common, *rules.spelling.words} - set(picked))
    lines = [*(f"{word} {count}" for word, count in sorted(picked.items())), *ordinary]
    VOCABULARY.write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{len(picked)} words, {len(ordinary)} ordinary ones beside them\n")


if __name__ == "__main__":
    main()
