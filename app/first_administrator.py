"""The first administrator of a new hotline: kept by ``init`` as an alias, invited once when it first starts (A6)."""

from collections.abc import Callable
from pathlib import Path

from app.embedded_store import write_private
from app.hotline_folder import parse_env
from app.settings import Settings
from app.staff import invite

FILE = "first_administrator"


def keep_first_administrator(folder: Path, alias: str, language: str, *, invited: bool = False) -> None:
    """Writes down whom the first start invites; an alias, no secret."""
    write_private(folder / FILE, f"ALIAS={alias}\nLANGUAGE={language}\nINVITED={'yes' if invited else 'no'}\n")


def read_first_administrator(folder: Path) -> dict[str, str]:
    """``admin`` and ``language`` as they were answered; empty where nobody was."""
    kept = _read(folder)
    return {"admin": kept["ALIAS"], "language": kept["LANGUAGE"]} if kept else {}


async def invite_first_administrator(folder: Path, settings: Settings, say: Callable[[str], None]) -> None:
    """Says the link with which they join once within 48 hours; says nothing if they were invited already."""
    kept = _read(folder)
    if kept.get("INVITED") != "no":
        return
    alias, language = kept["ALIAS"], kept["LANGUAGE"]
    token = await invite(settings.redis_url.reveal(), alias, ("admin", "supervisor"), language)
    keep_first_administrator(folder, alias, language, invited=True)
    say(f"{alias}, the first administrator, joins within 48 hours at:")
    say(f"{settings.console_url.rstrip('/')}/join#{token}")


def _read(folder: Path) -> dict[str, str]:
    path = folder / FILE
    return parse_env(path.read_text("utf-8")) if path.exists() else {}
