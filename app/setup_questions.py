"""What a new hotline is asked: each question with its reason, its default and the check of its answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.network import is_loopback_url, is_safe_hop, parse_url
from app.setting import parse_channels, parse_line, parse_name, parse_path
from hotline.errors import PorchlightError

LANGUAGES = ("en", "es")
_SID = re.compile(r"AC[0-9a-f]{32}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")
_NUMBER = re.compile(r"\+[1-9]\d{7,14}")
_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,50}")


@dataclass(frozen=True, slots=True)
class Question:
    """One answer that ``init`` needs. ``later``: it may come later, and ``init`` says what to do until then.

    A ``secret`` is never taken from the command line and not shown while it is typed.
    """

    field: str
    ask: str
    why: str
    check: Callable[[str], object]
    default: str = ""
    later: str = ""
    secret: bool = False
    channel: str = ""


def list_regions() -> list[str]:
    """The region packs that there are."""
    from storage.content_files import CONTENT_FOLDER

    return sorted(path.stem for path in (CONTENT_FOLDER / "regions").glob("*.yml"))


def _check_name(text: str) -> None:
    # Only a question asks for these: at the top of the file, every command and every start would wait for them.
    from hotline.telling import build_telling
    from storage.content_files import load_documents

    parse_name(text)
    told = build_telling(load_documents()).find(text)
    if told:
        raise ValueError(f"it says {told!r}; whoever looks on reads the name too: take one that tells nothing")


def _check_admin(text: str) -> None:
    from storage.account_rows import check_name

    check_name(text)


def _check_region(text: str) -> None:
    if text not in list_regions():
        raise ValueError(f"must be one of {', '.join(list_regions())}; how to write one: docs/region_pack.md")


def _check_public(text: str) -> None:
    parse_url(text)
    if not is_safe_hop(text) or is_loopback_url(text):
        raise ValueError("must begin with https:// and be a name that providers reach; get a name and a certificate")


def _check_console(text: str) -> None:
    parse_url(text)
    if not is_safe_hop(text):
        raise ValueError("must begin with https:// unless it is on this machine")


def _check_language(text: str) -> None:
    if text not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")


def _fits(pattern: re.Pattern[str], said: str) -> Callable[[str], object]:
    def check(text: str) -> None:
        if not pattern.fullmatch(text):
            raise ValueError(said)

    return check


# fmt: off
QUESTIONS: tuple[Question, ...] = (
    Question("name", "What is the hotline called?",
             "texters read it, and so does whoever looks at their phone: at most 24 characters that tell nothing",
             _check_name),
    Question("region", "Which region pack?", "numbers, places, clocks and report contacts come from it",
             _check_region, "nevada"),
    Question("public_url", "At which URL do the providers reach it?",
             "Twilio and Telegram send texts there; exactly as they call it, for example https://hotline.example.org",
             _check_public),
    Question("console_url", "At which URL do advocates reach the console?",
             "a name of its own, in the advocates' network alone, for example https://console.example.org",
             _check_console),
    Question("admin", "Alias of the first administrator?",
             "small letters and digits, no real name: it stands in the audit", _check_admin),
    Question("language", "The administrator's language?", "en or es; texters are answered in both", _check_language,
             "en"),
    Question("channels", "Which channels?", "sms, or sms,telegram", parse_channels, "sms,telegram"),
    Question("twilio_account_sid", "Twilio's account SID?", "it stands on the first page of Twilio's console",
             _fits(_SID, "must be AC and 32 hex digits, from the first page of Twilio's console"),
             later="open an account at Twilio; add TWILIO_ACCOUNT_SID"),
    Question("twilio_auth_token", "Twilio's auth token?", "it signs what Twilio sends us; below the SID, click to show",
             parse_line, later="add the token", secret=True),
    Question("number", "The hotline's number?", "with country code, for example +17025550100",
             _fits(_NUMBER, "must be like +17025550100"),
             later="get a number that takes texts (docs/newcomer.md says which kind); add TWILIO_FROM"),
    Question("messaging_service", "Messaging Service SID, if you have one?",
             "local numbers in the United States need one for their A2P 10DLC campaign; toll-free ones do not",
             _fits(_SERVICE, "must be MG and 32 hex digits"), later="-"),
    Question("telegram_bot_token", "Telegram bot token?", "from @BotFather; give the bot a dull name and picture",
             _fits(_TOKEN, "must be digits, a colon and letters, as @BotFather gives it"),
             later="ask @BotFather for a bot; add the token", secret=True, channel="telegram"),
    Question("telegram_bot_name", "The bot's user name?", "for the link that staff add their own chat with",
             parse_line, later="-", channel="telegram"),
    Question("data", "Folder of the store?",
             "what is kept, sealed; best on an encrypted disk of its own, never in keys/", parse_path),
)
# fmt: on
_FILE = "_file"
_HOW_TO_ANSWER = "Run it in a terminal and it asks; or say more flags (--help), or --answers FILE (docs/newcomer.md)."


type Ask = Callable[[Question, str, str], str]
"""Asks a person: the question, what no answer means, and what was wrong with the last one. Returns what they typed."""


def read_answers(given: Mapping[str, object], defaults: Mapping[str, str], ask: Ask | None) -> dict[str, str]:
    """An answer for every question that has one; an empty one where it comes later.

    ``given`` is what flags and the answers file say; ``ask`` is None where nobody can be asked. Raises ValueError with
    all that is wrong, a line each with what to do: then nothing was written.
    """
    answers, problems = _read_files(given)
    known = {question.field for question in QUESTIONS}
    problems += [f"{name}: no such answer; there are {', '.join(sorted(known))}" for name in sorted({*answers} - known)]
    for question in QUESTIONS:
        chosen = answers.get("channels") or "sms,telegram"
        if question.channel and question.channel not in chosen.split(","):
            answers.pop(question.field, None)
            continue
        text = answers.get(question.field, "")
        default = defaults.get(question.field, question.default)
        if ask is not None and not text:
            text = _ask_until_right(question, default, ask)
        text = text or default
        answers[question.field] = text
        if problem := find_problem(question, text):
            problems.append(f"{question.field}: {problem}")
    if problems:
        raise ValueError("\n".join(["nothing was written:", *(f"  - {line}" for line in problems), _HOW_TO_ANSWER]))
    return answers


def find_problem(question: Question, text: str) -> str:
    """What is wrong with an answer and what to do, or nothing. Whoever tells it names the question."""
    if not text:
        return "" if question.later else f"missing: {question.ask} ({question.why})"
    try:
        question.check(text)
    except (ValueError, PorchlightError) as error:
        return str(error)
    return ""


def _ask_until_right(question: Question, default: str, ask: Ask) -> str:
    problem = ""
    while True:
        text = ask(question, default, problem).strip() or default
        problem = find_problem(question, text)
        if not problem:
            return text


def _read_files(given: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    answers: dict[str, str] = {}
    problems: list[str] = []
    secrets = {question.field for question in QUESTIONS if question.secret}
    for name, value in given.items():
        text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "").strip()
        field = name.removesuffix(_FILE)
        if not text:
            continue
        if name.endswith(_FILE) and field in secrets:
            try:
                answers[field] = Path(text).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{name} cannot be read: {type(error).__name__}")
        else:
            answers[name] = text
    return answers, problems
