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
