"""What screening hears whatever the content says: a set that is deaf to it is not made live (R1, G2)."""

from collections.abc import Mapping

from hotline.errors import ContentError
from hotline.screening import Rules, screen
from hotline.screening.result import Level

ALWAYS_HEARD: Mapping[str, tuple[str, ...]] = {
    "suicide": ("i want to kill myself", "me quiero matar"),
    "danger": ("he is going to kill me", "me va a matar"),
    "someone_here": ("help he is here", "esta aqui no puedo hablar"),
    "overdose": ("i took a whole bottle of pills", "me tome todas las pastillas"),
    "urgent_medical": ("i cant breathe", "no puedo respirar"),
}
"""By reason, plain words of each language. They stand here and not in the content, so that no edit takes them along."""


def check_heard(rules: Rules) -> None:
    """Raises ContentError naming the reason that the rules alone no longer hear as imminent, never the words."""
    for reason, texts in ALWAYS_HEARD.items():
        for text in texts:
            result = screen(text, (), rules)
            if result.level < Level.IMMINENT or reason not in result.reasons:
                raise ContentError(f"screening: plain words of {reason} are no longer heard as imminent")
