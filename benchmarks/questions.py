"""What the invented texters ask: the same number of turns on both sides, every turn one that its bot can answer.

Ours mixes small talk, cards, a form and a custom action that looks up a place; moodbot has only canned words, so its
side of the pair is the lighter one.
"""

type Script = tuple[str, ...]

STOCK_RASA: tuple[Script, ...] = (
    ("hi", "i am great", "bye"),
    ("hello", "wonderful", "are you a bot?"),
    ("hey", "amazing", "see you later"),
)
"""moodbot's own questions: greet, mood, goodbye (or bot challenge)."""

OURS: tuple[Script, ...] = (
    ("hi", "im hungry where can i get food", "thanks"),
    ("hello", "i need somewhere to sleep in las vegas tonight", "17"),
    ("hey", "who can see this", "ok bye"),
)
"""A young person's questions to Porchlight."""

CRISIS = "im going to kill myself tonight"
"""Screening takes it for imminent; no part of the way to its answer needs Rasa."""

LONG: Script = ("hi", "who can see this", "thanks", "are you a bot")
"""Asked over and over in one conversation; none of it looks up a place, which is rationed by the hour."""
