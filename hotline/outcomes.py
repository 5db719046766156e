"""How a conversation ended and what was wrong with a place: codes instead of words (A2, P1)."""

OUTCOMES = (
    "referred", "safe_for_now", "emergency_called", "reported", "left_no_answer", "wrong_number", "abusive", "probe",
    "other",
)  # fmt: skip
"""What an advocate says of a conversation on closing it."""

HARD_OUTCOMES = frozenset({"emergency_called", "reported", "abusive"})
"""After these an advocate is asked to stop for a moment (A5)."""

FLAG_REASONS = ("wrong_number", "closed", "turned_away", "unsafe", "other")
"""What an advocate may say of a place or line; an administrator finds out the rest."""
