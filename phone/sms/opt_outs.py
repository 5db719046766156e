"""The carrier's own opt-out: a single word blocks the number until another lets it back (requirement K2)."""

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "alto", "parar"})
START_WORDS = frozenset({"start", "unstop"})
HELP_WORDS = frozenset({"help", "info", "ayuda"})
NOTES = {
    "STOP": "You are unsubscribed and will get no more messages from this number. Text START to come back.",
    "START": "You are subscribed again. Text STOP to unsubscribe.",
}
"""What the carrier itself says; the hotline never sees these go out."""


def find_opt_out_type(text: str) -> str | None:
    """STOP, START or HELP if the whole text is that single word, else None (Twilio "Advanced Opt-Out")."""
    word = text.strip().lower()
    for kind, words in (("STOP", STOP_WORDS), ("START", START_WORDS), ("HELP", HELP_WORDS)):
        if word in words:
            return kind
    return None


class OptOuts:
    """Numbers that must not be written to."""

    def __init__(self) -> None:
        self._numbers: set[str] = set()

    def apply(self, number: str, opt_out_type: str | None) -> None:
        """STOP adds the number, START takes it away."""
        if opt_out_type == "STOP":
            self._numbers.add(number)
        elif opt_out_type == "START":
            self._numbers.discard(number)

    def __contains__(self, number: str) -> bool:
        return number in self._numbers

    def clear(self) -> None:
        """Everybody may be written to again."""
        self._numbers.clear()
