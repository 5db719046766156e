"""Every limit in one table, for ``docs/limits.md``: what, how much, and what whoever meets it gets."""

from collections.abc import Iterator

from app import editing, patience, pressure, read_query, read_rate, turn_items, webhook_requests
from bot import client
from connectors.sms import form
from console import content_forms, forms, throttle
from console.routes import content_import
from hotline import pace
from hotline.screening.screen import HEAD_CHARACTERS, TAIL_CHARACTERS
from storage import keyspace

_HEAD = """# Limits

What holds abuse back, and what whoever meets it gets. Made from the constants by `app/limits.py`; a test
compares. No limit holds back screening, a crisis reply, a page, STOP, BYE, CLEAR or PERSON, and nothing that a provider
signed is answered with 4xx for being too much: only a body that no provider sends is.

| what | how much | what follows |
|---|---|---|
"""


def list_limits() -> Iterator[tuple[str, str, str]]:
    """What, how much, what follows."""
    first, last = HEAD_CHARACTERS, TAIL_CHARACTERS
    answered = "the engine is not asked; one plain line a minute: a number and the offer of a person"
    yield "texts of one address", f"{pace.TEXTS_A_MINUTE} a minute, {pace.TEXTS_AN_HOUR} an hour", answered
    yield "plain lines in a flood", f"one in {pace.LINE_SECONDS} seconds", "the rest is heard and not answered"
    looked = f"number {pace.LOOK_UPS_AN_HOUR} shows it to an advocate; after it no place is named, lines still are"
    yield "look-ups of places by one address", f"{pace.LOOK_UPS_AN_HOUR} an hour", looked
    yield "memory of the two above", f"{keyspace.PACE_SECONDS // 60} minutes", "counts under a keyed hash"
    yield "texts answered as one turn", f"{turn_items.MOST_JOINED}", "more behind them are the next turn"
    yield (
        "texts with the engine at a time",
        f"{pressure.MOST_ASKED_OF_ONE} for each engine",
        "a number and the offer of a person",
    )
    yield "turns in work at a time", f"{pressure.MOST_TURNS} a worker", "plain texts wait; danger and keywords do not"
    yield "characters that are screened", f"the first {first} and the last {last}", "more than any channel delivers"
    yield "characters that the engine reads", f"{client.LONGEST_TEXT}", "the rest is screened and not answered"
    yield "a webhook's body", f"{webhook_requests.MOST_BYTES // 1024} KiB", "413; not read where it says its length"
    yield "fields of a form", f"{form.MAX_FIELDS}", "403: it cannot be checked"
    yield "a request's headers", f"{patience.MOST_HEAD_BYTES // 1024} KiB", "400, and the connection ends"
    yield "waiting for headers", f"{patience.HEAD_SECONDS:.0f} seconds", "the connection ends"
    yield "waiting for a body", f"{patience.BODY_SECONDS:.0f} seconds", "the connection ends"
    yield (
        "connections of one program",
        f"{patience.MOST_CONNECTIONS}",
        "one ends: it idles, or has been waited for longest",
    )
    repeated = "the same id is answered once; later it is a new text: Twilio's signature has no time in it"
    yield "a webhook sent again", f"{keyspace.DEDUPE_SECONDS // 3600} hours", repeated
    yield "a console form", f"{forms.LARGEST_BYTES // 1024} KiB, {forms.MOST_FIELDS} fields", "413 or 400"
    fields = f"{content_forms.MOST_FIELDS} fields for an entry, {content_forms.MOST_CHOICES} for conflicts"
    fields += f", which may have {forms.LARGEST_LONG_BYTES // 1024} KiB"
    yield "a form for content", f"as large, {fields}", "413 or 400"
    listed = f"{forms.LARGEST_LONG_BYTES // 1024} KiB, {content_import.MOST_RECORDS} records"
    yield "a list of places in the console", listed, "413, or a line that says so: take it in on the command line"
    yield "tries while somebody types content", f"{editing.MOST_WAITING} at a time", "checked before it goes live"
    name = (
        f"then {throttle.FIRST_WAIT_SECONDS} seconds, doubling, {throttle.LONGEST_WAIT_SECONDS // 60} minutes at most"
    )
    yield "passwords for one name from one source", f"{throttle.FREE_TRIES} tries", f"{name}: 429"
    source = f"then a wait of {throttle.LONGEST_WAIT_OF_SOURCE_SECONDS} seconds at most: 429"
    yield "passwords from one source, for all names", f"{throttle.FREE_TRIES_OF_SOURCE} an hour", source
    yield "codes for one name, from anywhere", f"{throttle.FREE_TRIES} tries", f"after the password; {name}"
    asked = f"{read_rate.A_MINUTE} a minute; all together {read_rate.ALTOGETHER_A_MINUTE}"
    yield "requests of one reader of the read API", asked, "429, and after how many seconds to ask again"
    yield "records on a page of the read API", f"{read_query.MOST_PER_PAGE}", "400"
    yield "passkey challenges for one source", f"{throttle.CHALLENGES_A_MINUTE} a minute", "429"


def limits_page() -> str:
    """The table as Markdown, for ``docs/limits.md`` (asserted by a test)."""
    return _HEAD + "".join(f"| {what} | {much} | {follows} |\n" for what, much, follows in list_limits())
