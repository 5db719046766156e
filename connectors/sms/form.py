"""Twilio's form body, read one way for the signature and for the message."""

from urllib.parse import unquote

from connectors.contract import WebhookRequest
from connectors.errors import PayloadError

MAX_FIELDS = 500


class Form(dict[str, list[str]]):
    """Field name to every value it came with, in order."""

    def getlist(self, name: str) -> list[str]:
        """Every value of a field; the name is what Twilio's validator looks for."""
        return self.get(name, [])

    def find_first(self, *names: str) -> str:
        """The first value with words in it among ``names``, without outer white space; "" if there is none."""
        values = (value.strip() for name in names for value in self.getlist(name))
        return next((value for value in values if value), "")


def form_of(request: WebhookRequest) -> Form:
    """The form of a request, taken apart once. Raises PayloadError."""
    form: Form | None = request.read.get("form")
    if form is None:
        form = request.read["form"] = parse_form(request.body)
    return form


def parse_form(body: bytes) -> Form:
    """The fields of an ``application/x-www-form-urlencoded`` body, blank and repeated ones kept (X1).

    Raises PayloadError. Strict, because Twilio signs names and values run together: a field without "=" would sign
    like two other fields, and undecodable bytes like one another.
    """
    form = Form()
    if not body:
        return form
    try:
        fields = body.decode("ascii").split("&")
        if len(fields) > MAX_FIELDS:
            raise ValueError
        for field in fields:
            name, value = field.split("=", 1)
            form.setdefault(_decode(name), []).append(_decode(value))
    except ValueError:
        raise PayloadError("not a form") from None
    return form


def _decode(word: str) -> str:
    """As ``urllib.parse.parse_qsl`` does it, which takes as long over a word that has nothing to decode."""
    return unquote(word.replace("+", " "), errors="strict") if "%" in word or "+" in word else word
