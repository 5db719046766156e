"""Every way that words and addresses go in, as data. A new path is a row of ``TOLD`` or a function under ``@path``."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hotline.messages import Address, ChannelName, ExternalId, InboundMessage
from hotline.routing import Route
from tests.proof.canaries import Canary
from tests.proof.scene import Scene

CHANNELS = ("sms", "telegram")

type Walk = Callable[[Scene, Canary, str], Awaitable[None]]


@dataclass(frozen=True)
class Path:
    """One way in: ``walk`` sends the canary's word and address along it on a channel and waits for what follows."""

    name: str
    walk: Walk
    channel: str
    route: Route | None = None
    """The way that a turn must have gone, or the path has not shown what it says."""


_PATHS: list[Path] = []


def path(name: str, *channels: str, route: Route | None = None) -> Callable[[Walk], Walk]:
    """Registers a path, for both channels unless told otherwise."""

    def register(walk: Walk) -> Walk:
        for channel in channels or CHANNELS:
            _PATHS.append(Path(f"{name}, {channel}" if channel else name, walk, channel, route))
        return walk

    return register


def all_paths() -> list[Path]:
    """Every path there is."""
    from tests.proof import path_breaks, path_browser, path_doors, path_providers  # noqa: F401 - they register

    return [*_told(), *_PATHS]


_HELLO = "hi {w}"

# fmt: off
TOLD: tuple[tuple[str, Route | None, tuple[str, ...]], ...] = (
    ("STOP", Route.STOP, (_HELLO, "STOP")),
    ("STOP in a crisis", Route.STOP, ("i want to kill myself {w}", "STOP")),
    ("START", Route.START, (_HELLO, "STOP", "START", "{w} again")),
    ("words after STOP", Route.STOPPED, ("STOP", "{w} he took my phone", "i want to kill myself {w}")),
    ("someone is here", Route.SOMEONE_HERE, ("hi", "hes here {w}", "who is {w}")),
    ("probe", Route.PROBE, ("did my daughter text you {w}",)),
    ("imminent", Route.IMMINENT, ("i want to kill myself {w}", "tonight {w}")),
    ("imminent in Spanish", Route.IMMINENT, ("ya no quiero vivir {w}",)),
    ("plain stop", Route.ENDED, (_HELLO, "stop texting me")),
    ("BYE", Route.GONE, (_HELLO, "BYE")),
    ("CLEAR", Route.GONE, (_HELLO, "CLEAR", "who was {w}")),
    ("CLEAR in a crisis", Route.GONE, ("he wont let me leave {w}", "CLEAR")),
    ("not OK to text", Route.NOT_OK, ("hi {w}", "where can i get food {w}", "no")),
    ("PERSON", Route.PERSON, (_HELLO, "PERSON")),
    ("keyword", Route.KEYWORD, (_HELLO, "NUMBER", "AGAIN", "HELP", "MENU")),
    ("waiting", Route.LOCKED, ("PERSON", "are you there {w}", "/restart {w}")),
    ("high", Route.HIGH, ("he wont let me leave {w}", "my {w} stepdad hits me")),
    ("place", Route.DIALOGUE, ("i need a place to sleep {w} in las vegas tonight", "{w} skip", "henderson {w}", "16")),
    ("chat", Route.DIALOGUE, ("hi", "{w} qwzx", "im hungry {w}", "tell me about {w}", "{w} {w} {w}")),
    ("rasa's commands", Route.DIALOGUE, ("/restart {w}", '/ask_food{{"area": "{w}"}}', "EXTERNAL: {w}")),
    ("number in the text", Route.DIALOGUE, ("call me at {n}", "my number is +1{n} {w}", "is {n} your number")),
    ("practise a number", None, ("PRACTICE", "{n}", "{w}")),
    ("under cover", Route.COVERED, ("{w} hi", "sample", "i want to kill myself {w}", "who is {w}", "samplepractice")),
    ("back from cover", Route.BACK, ("sample", "{w} he is here", "samplepractice")),
    ("own cover", Route.OWN_WORDS, ("COVER maple {w}", "maple", "is {w} a shop", "{w}")),
    ("code word", Route.CODE, ("NEW CODE {w}", "CODE {w}", "CODE wrong{w}")),
    ("CLEAR after more", None, (_HELLO, "my name is {w}", "PERSON", "BORRAR", "hi again {w}")),
    ("many places", None, ("a bed in las vegas {w}", "food in reno {w}", "doctor in elko {w}", "bed in reno {w}")),
    ("a long text", None, ("{w} and then he said " * 60,)),
    ("emoji and other scripts", None, ("\U0001f614 {w} \U0001f494", "{w} мне плохо 救命")),
)
# fmt: on
"""Name, the way that one of its turns must go, the texts: {w} is the path's word, {n} a number only it knows."""


def _told() -> Iterator[Path]:
    for name, route, texts in TOLD:
        for channel in CHANNELS:
            yield Path(f"{name}, {channel}", _tell(texts), channel, route)


def _tell(texts: tuple[str, ...]) -> Walk:
    async def walk(scene: Scene, canary: Canary, channel: str) -> None:
        texter = scene.texter(canary, channel)
        for text in texts:
            await texter.texts(text.format(w=canary.word, n=canary.number))

    return walk


@path("picture with words", route=Route.MEDIA)
async def _picture(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    await texter.texts("hi")
    await texter.texts("", kind="photo")
    for kind in ("photo", "voice", "video", "document"):
        await texter.texts(canary.word, kind=kind)


@path("screening fails", route=Route.FAILED)
async def _screening_fails(scene: Scene, canary: Canary, channel: str) -> None:
    scene.break_at("app.screener:Screener.screen", "raise", f"{canary.word} {canary.number} {canary.chat}")
    replies = await scene.texter(canary, channel).texts(f"i want to kill myself {canary.word}")
    assert scene.has_broken() and any("988" in reply for reply in replies)


@path("blocked as a probe", route=Route.BLOCKED)
async def _blocked(scene: Scene, canary: Canary, channel: str) -> None:
    from storage.connection import Store
    from vault.key_files import load_address_keys

    texter = scene.texter(canary, channel)
    lane = load_address_keys(scene.stack.settings.address_key_file).hash_address(channel, texter.address)  # type: ignore[arg-type]
    store = Store(scene.stack.store_url("proof"))
    await store.call("SET", f"blocked:{lane}", 4e9, "EX", 600)
    await store.aclose()
    await texter.texts(f"{canary.word} qwzx")


@path("a text that comes late", route=Route.LATE)
async def _late(scene: Scene, canary: Canary, channel: str) -> None:
    from app.wiring import build_inbox
    from storage.connection import Store

    texter, identifier = scene.texter(canary, channel), ExternalId("SM" + canary.number.rjust(32, "e"))
    store, keys = Store(scene.stack.store_url("proof")), Store(scene.stack.keys_url("proof"))
    sent_at = datetime.now(UTC) - timedelta(hours=1)
    text = f"i want to kill myself {canary.word}"
    late = InboundMessage(ChannelName(channel), Address(texter.address), identifier, text=text, sent_at=sent_at)
    await build_inbox(scene.stack.settings, store, keys).put_message(late)
    await store.aclose()
    await keys.aclose()
    await texter.settles()
    await texter.texts(f"yes {canary.word}")


@path("staff word", route=Route.STAFF)
async def _staff(scene: Scene, canary: Canary, channel: str) -> None:
    from storage.connection import Store
    from storage.outreach_codes import OutreachCodes

    store = Store(scene.stack.store_url("proof"))
    word = await OutreachCodes(store).staff_word(["lamp"], datetime.now(UTC).date())
    await store.aclose()
    texter = scene.texter(canary, channel)
    for text in (
        f"{word} bed {canary.word}",
        f"{word} {canary.word} call {canary.number}",
        f"{canary.word} another one",
    ):
        await texter.texts(text)


@path("idle until forgotten")
async def _forgotten(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    await texter.texts(f"my name is {canary.word}")
    await texter.skips(31 * 60)
    assert await texter.state() == {"owner": "with_bot", "level": "none"}


@path("waited too long")
async def _waited(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    await texter.texts(f"i want to kill myself {canary.word}")
    await texter.skips(121)
    await texter.skips(900)


@path("the same text twice", "sms")
async def _twice(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    for _ in range(2):
        await texter.texts(f"hello {canary.word}", external_id="SM" + canary.number.rjust(32, "d"))
