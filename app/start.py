"""What the commands do: make keys, register channels, add staff, check content."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.practice import PASSWORD_COST, PEOPLE, Login
from app.settings import Settings, load_settings


def refusals() -> tuple[type[BaseException], ...]:
    """What keeps a command from running, and is told in one message without a traceback."""
    from app.embedded_store import StoreMissing
    from app.ports import PortTaken
    from app.settings import SettingsError
    from app.stack import FolderInUse
    from app.supervised import StartFailed
    from hotline.errors import PorchlightError
    from storage.connection import StoreError
    from storage.wiping import WipeFailed

    ours = (PortTaken, StoreMissing, SettingsError, FolderInUse, StartFailed, PorchlightError, WipeFailed)
    return (*ours, StoreError, ValueError, OSError)


async def prepare_start(settings: Settings, login: Login | None, *, hotline: Path | None = None) -> None:
    """The practice logins; in live mode the invitation of the administrator whom ``hotline``'s folder names."""
    if login:
        await add_practice_logins(settings, login)
    elif hotline:
        from app.first_administrator import invite_first_administrator

        await invite_first_administrator(hotline, settings, print)


async def add_practice_logins(settings: Settings, login: Login) -> None:
    """Everybody of practice, new with every start; the advocate with a key, so that the first text can be read (X3)."""
    from app.staff import add_account, make_practice_key

    url = settings.redis_url.reveal()
    for alias, roles in PEOPLE.items():
        await add_account(url, alias, login.password, roles, "en", PASSWORD_COST)
    await make_practice_key(url, login.alias, login.password)


async def add_staff(
    environ: Mapping[str, str], name: str, password: str, roles: tuple[str, ...], language: str
) -> None:
    """Adds an account. Raises ValueError for what we do not have, and for a short password."""
    from app.audit_command import note_command
    from app.staff import add_account

    if len(password) < 12:
        raise ValueError("a password has at least 12 characters")
    settings = load_settings(environ, "staff")
    await add_account(settings.redis_url.reveal(), name, password, roles, language)
    await note_command(settings, "person_added", name)


async def invite_staff(environ: Mapping[str, str], name: str, roles: tuple[str, ...], language: str) -> str:
    """The link of a new invitation; the token stands behind the #, where no server sees it."""
    from app.staff import invite

    settings = load_settings(environ, "staff")
    token = await invite(settings.redis_url.reveal(), name, roles, language)
    return f"{settings.console_url.rstrip('/')}/join#{token}"


async def reset_staff(environ: Mapping[str, str], name: str, *, keep_recovery: bool) -> None:
    """Ends everything that lets a person in, and forgets how to page them."""
    from app.audit_command import note_command
    from app.staff import reset

    settings = load_settings(environ, "staff")
    await reset(settings, name, keep_recovery=keep_recovery)
    await note_command(settings, "person_reset", name)


async def confirm_staff(environ: Mapping[str, str], name: str) -> None:
    """Ends a suspension; who may read follows from training, as everywhere."""
    from app.audit_command import note_command
    from app.staff import confirm
    from hotline.training import build_courses
    from storage.content_files import load_documents

    settings = load_settings(environ, "staff")
    courses = build_courses(load_documents()["training"])
    required = () if settings.mode == "practice" else tuple(course.id for course in courses)
    await confirm(settings.redis_url.reveal(), name, required)
    await note_command(settings, "person_restored", name)


async def list_staff(environ: Mapping[str, str]) -> Sequence[str]:
    """A line for each account."""
    from app.staff import list_accounts

    return await list_accounts(load_settings(environ, "staff").redis_url.reveal())


def make_keys(environ: Mapping[str, str]) -> list[Path]:
    """Those of the three key files that are missing, new. Raises KeyFileError if all are there."""
    from vault.key_files import create_key_file

    paths = [path for path in _key_paths(environ) if not path.exists()] or _key_paths(environ)
    for path in paths:
        create_key_file(path, datetime.now(UTC))
    return paths


def _key_paths(environ: Mapping[str, str]) -> list[Path]:
    names = ("PORCHLIGHT_KEY_FILE", "PORCHLIGHT_ADDRESS_KEY_FILE", "PORCHLIGHT_STAFF_KEY_FILE")
    missing = [name for name in names if not environ.get(name)]
    if missing:
        raise ValueError(f"set {' and '.join(missing)} to a path outside the data folder")
    return [Path(environ[name]) for name in names]


def hotline_environ(environ: Mapping[str, str], hotline: Path | None) -> Mapping[str, str]:
    """The environment with what the folder of ``init`` gives; what is set in the environment comes first."""
    from app.hotline_folder import read_hotline_folder

    return {**read_hotline_folder(hotline), **environ} if hotline else environ


async def register_channels(environ: Mapping[str, str]) -> list[str]:
    """Points the providers at our public URL; a line for each."""
    from app.wiring import build_channel_configs
    from connectors.registry import register_channel

    settings = load_settings(environ, "channels")
    configs = build_channel_configs(settings)
    return [await register_channel(config) for name, config in configs.items() if name in settings.channels]


def check_all_content(region: str) -> tuple[str, int]:
    """The content's table of grades and parts, and how many faults there are."""
    from app.content_check import build_facts, check_content, format_table, measure_content
    from storage.content_files import load_documents

    documents = load_documents()
    facts = build_facts(documents, region=region, now=datetime.now(UTC))
    faults = check_content(documents, facts)
    return format_table(measure_content(documents, facts), faults), len(faults)


def build_content_page(region: str) -> str:
    """The page of all lines for reviewers."""
    from app.content_check import build_facts
    from app.content_page import MOMENT, build_page
    from storage.content_files import load_documents

    documents = load_documents()
    return build_page(documents, build_facts(documents, region=region, now=MOMENT))
