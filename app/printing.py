"""The console's print desk: the reviewed words, the hotline's number, and the press when it is needed (O1)."""

from collections.abc import Mapping
from typing import Any

from console.printing import PrintChoice, PrintDesk, Printed
from storage.connection import Store
from storage.outreach_codes import OutreachCodes

_MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


def build_print_desk(store: Store, documents: Mapping[str, Any], number: str) -> PrintDesk:
    """The desk; nothing of the layout library is loaded before somebody prints."""
    from hotline.numbers import build_lines
    from outreach.cards import build_card, build_print_words
    from outreach.press import ENDINGS, FORMS, print_card
    from outreach.products import PRODUCTS, STYLES

    words, refused = build_print_words(documents), build_lines(documents).refused

    def make(choice: PrintChoice) -> Printed:
        card = build_card(
            words,
            PRODUCTS[choice.product],
            number,
            language=choice.language,
            style=choice.style,
            word=choice.code,
            qr="sms" if choice.qr else "",
            refused=refused,
        )
        ending = ENDINGS[choice.form]
        return Printed(print_card(card, choice.form), ending, _MEDIA_TYPES[ending])

    sizes = {one.id: f"{one.width:g} × {one.height:g} mm" for one in PRODUCTS.values()}
    return PrintDesk(OutreachCodes(store), words.site_words, sizes, tuple(STYLES), FORMS, number, make)
