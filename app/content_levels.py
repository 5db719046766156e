"""What screening makes of a sentence that somebody tries, as it is served and as a form would have it (R3, G1)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from console.editing import Judged
    from hotline.screening import Rules


def compare(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> "tuple[Judged, ...]":
    """Level, reasons and the terms that gave them, by the documents before and after; with all of screening's stages.

    Raises ContentError for rules that cannot be built.
    """
    from hotline.screening import build_rules
    from storage.content_files import load_learned, load_vocabulary

    stages = load_vocabulary(), load_learned()
    first = _judge(text, build_rules(before, *stages))
    return first, first if before == after else _judge(text, build_rules(after, *stages))


def _judge(text: str, rules: "Rules") -> "Judged":
    from console.editing import Judged
    from hotline.screening import screen
    from hotline.screening.explaining import describe

    found, reading = screen(text, (), rules), describe(text, (), rules)
    return Judged(found.level.label, found.reasons, reading.entries)
