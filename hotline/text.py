"""One plain form of a text, for rules that must not care how it was typed."""

import unicodedata

_APOSTROPHES = "'’‘`´ʼ＇"
_JOINERS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LOOKALIKES = dict(zip("асеіоризухкпԁɡıѕјβαεοιν", "aceiopu3yxkndgisjbaeoiv", strict=True))
_DROPPED = str.maketrans(dict.fromkeys(_APOSTROPHES + _JOINERS, "") | {"ß": "ss"})
_LETTERS = str.maketrans(_LOOKALIKES)


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
    apart = unicodedata.normalize("NFKD", text.translate(_DROPPED).casefold())
    return "".join([c for c in apart if unicodedata.category(c) not in {"Mn", "Me", "Cf"}]).translate(_LETTERS)
