"""One plain form of a text, for rules that must not care how it was typed."""

import unicodedata

_APOSTROPHES = "'’‘`´ʼ＇"
_JOINERS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LOOKALIKES = dict(zip("асеіоризухкпԁɡıѕјβαεοιν", "aceiopu3yxkndgisjbaeoiv", strict=True))
_WHOLE_SENTENCES = "\ufdfa\ufdfb"
"""Two signs that decompose to 18 and 8 letters each: a screenful of them would be a book."""

_DROPPED = str.maketrans(
    dict.fromkeys(_APOSTROPHES + _JOINERS, "") | {"ß": "ss"} | dict.fromkeys(_WHOLE_SENTENCES, " ")
)
_LETTERS = str.maketrans(_LOOKALIKES)
_MOST_LEARNED = 10_000


class _Plain(dict[int, str | int | None]):
    """What becomes of a character once its accents stand apart; looked up in Unicode's tables once each."""

    def __missing__(self, code: int) -> str | int | None:
        mark = unicodedata.category(chr(code)) in {"Mn", "Me", "Cf"}
        plain = None if mark else _LETTERS.get(code, code)
        if len(self) < _MOST_LEARNED:
            self[code] = plain
        return plain


_PLAIN = _Plain()


def fold(text: str) -> str:
    """The text in small letters without accents, apostrophes, joiners and foreign look-alike letters (R4).

    Folding twice equals folding once. Takes any string, lone surrogates and NULs included; never raises.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    folded = _fold_once(text)
    while folded != (again := _fold_once(folded)):
        folded = again
    return folded


def _fold_once(text: str) -> str:
    return unicodedata.normalize("NFKD", text.translate(_DROPPED).casefold()).translate(_PLAIN)
