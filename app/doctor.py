"""``porchlight doctor``: looks at a running hotline and says in a line each what is wrong, why and what to do."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.doctor_content import check_content_state
from app.doctor_machine import (
    check_certificates,
    check_disks,
    check_keys,
    check_memory,
    check_secret_modes,
    check_versions,
)
from app.doctor_providers import check_providers
from app.doctor_stores import check_access_lists, check_stores
from app.hotline_folder import CREDENTIALS, read_hotline_folder, read_store_urls
from app.operating import operator_environ
from app.programs import PROGRAMS, build_instances
from app.settings import ALL, Settings, SettingsError, load_settings
from app.setup_folder import is_for_units
from app.store_acl import READ_CONTENT_ALONE
from app.supervised import answers_ok
from hotline.findings import Finding, look, well, wrong

_URLS = ("PORCHLIGHT_REDIS_URL", "PORCHLIGHT_KEYS_URL")
_ELSEWHERE = "unix:///given-by-the-supervisor"
_WITHOUT = {
    "webhooks": "nothing comes in",
    "worker": "nobody is answered and nobody is paged",
    "console": "no advocate can come in",
    "actions": "places and numbers are not found",
    "read_api": "other agencies are given nothing",
    "rasa": "texters get safety replies and the offer of a person, no answers",
}


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: the environment, and the folder that ``init`` wrote, if there is one."""

    environ: Mapping[str, str]
    hotline: Path | None
    folder: Path

    @property
    def start(self) -> str:
        """The command that starts it."""
        if self.hotline is None:
            return f"porchlight run --folder {self.folder}, or systemctl start porchlight.target"
        units = is_for_units(self.hotline)
        return "systemctl start porchlight.target" if units else f"porchlight run --hotline {self.hotline}"

    def program_environ(self, program: str) -> dict[str, str]:
        """The environment as ``program`` has it; a store that the supervisor starts itself is taken as given."""
        urls = read_store_urls(self.hotline, program) if self.hotline else {}
        found = {**self.environ, **urls}
        for name in _URLS:
            if not found.get(name) and not found.get(f"{name}_FILE"):
                found[name] = _ELSEWHERE
        if program in READ_CONTENT_ALONE and not any(
            found.get(f"PORCHLIGHT_CONTENT_URL{end}") for end in ("", "_FILE")
        ):
            given = found.get("PORCHLIGHT_REDIS_URL_FILE")
            found["PORCHLIGHT_CONTENT_URL_FILE" if given else "PORCHLIGHT_CONTENT_URL"] = given or _ELSEWHERE
        return found

    def operator_settings(self) -> Settings | None:
        """The settings with which an operator reaches the stores; None if nothing says where they are."""
        urls = read_store_urls(self.hotline, "operator") if self.hotline else {}
        found = operator_environ({**self.environ, **urls}, self.folder)
        return load_settings(found, "operator") if found is not None else None


def build_patient(environ: Mapping[str, str], hotline: Path | None, folder: Path) -> Patient:
    """What to look at: the folder that is named, the settings that are given, or what runs on ``folder``.

    Raises ValueError, OSError for a folder that holds no hotline, and where there is none of the three.
    """
    given: Mapping[str, str] = read_hotline_folder(hotline) if hotline else {}
    if not hotline and not environ.get("PORCHLIGHT_MODE"):
        running = operator_environ(environ, folder)
        if running is None:
            raise ValueError(
                f"nothing to look at: no hotline runs on the folder {folder}; say where yours is with --hotline FOLDER"
            )
        given = running
    return Patient({**given, **environ}, hotline.absolute() if hotline else None, folder)


async def examine(patient: Patient, *, network: bool = True) -> list[Finding]:
    """Every finding, grouped by part; takes seconds. ``network`` False asks nobody outside this machine."""
    # In practice every start makes what the programs are given; there is nothing to mend in it.
    found = check_settings(patient) if patient.environ.get("PORCHLIGHT_MODE") != "practice" else []
    if patient.hotline:
        found += check_secret_modes(patient.hotline / CREDENTIALS)
        found += check_access_lists(patient.hotline / CREDENTIALS)
    found += await _check_operator_part(patient)
    found += [*check_memory(), *check_versions()]
    try:
        settings = load_settings(patient.program_environ(ALL), ALL)
    except SettingsError:
        return found
    found += check_backup(settings)
    keys = {"server": settings.key_file, "address": settings.address_key_file, "staff": settings.staff_key_file}
    found += check_keys(keys, datetime.now(UTC))
    found += [*await check_programs(settings, patient.start), *check_disks(settings)]
    if network and settings.mode == "live":
        found += await check_certificates(settings)
        found += await check_providers(patient.program_environ("channels"))
    return found


def check_settings(patient: Patient) -> list[Finding]:
    """Every program's settings, as it would read them at its start (X3)."""
    problems: dict[str, list[str]] = {}
    for program in [name for name, one in PROGRAMS.items() if not one.practice_only]:
        try:
            load_settings(patient.program_environ(program), program)
        except SettingsError as error:
            for line in str(error).splitlines()[1:]:
                problems.setdefault(line.removeprefix("  - "), []).append(program)
    where = patient.hotline or ""
    again = f"run porchlight init {where} again, or " if where else ""
    remedy = f"{again}edit porchlight.env or credentials/; then restart"
    return [
        wrong("settings", problem, f"until then {', '.join(programs)} cannot start", remedy)
        for problem, programs in problems.items()
    ] or [well("settings", "every program can start with them")]


def check_backup(settings: Settings) -> list[Finding]:
    """Whether backups can be sealed to somebody."""
    if settings.mode != "live" or settings.backup_public_key:
        return []
    why = "accounts and STOP marks are lost with the disk"
    return [look("backup", "there is no key to seal it to", why, "porchlight keys backup-init, then back up daily")]


async def check_programs(settings: Settings, start: str = "systemctl start porchlight.target") -> list[Finding]:
    """Whether each process says that it can do its work; where none does, how to ``start`` the hotline."""
    instances = [one for name in _WITHOUT for one in build_instances(PROGRAMS[name], settings)]
    ready = await asyncio.gather(*(answers_ok(one.ready_at, one.program.ready) for one in instances))
    if not any(ready):
        remedy = f"start it: {start}; if it was started, the first lines of its logs say what is wrong"
        return [wrong("programs", "not one of them answers", "texts wait with the providers, unanswered", remedy)]
    found = []
    for one, is_ready in zip(instances, ready, strict=True):
        if is_ready:
            found.append(well("programs", f"{one.name} is ready"))
        else:
            unit = (
                "porchlight-rasa@*"
                if one.program.name == "rasa"
                else f"porchlight-{one.program.name.replace('_', '-')}"
            )
            remedy = f"look at its log: journalctl -u '{unit}', or logs/{one.name}.log"
            found.append(wrong("programs", f"{one.name} is not ready", _WITHOUT[one.program.name], remedy))
    return found


async def _check_operator_part(patient: Patient) -> list[Finding]:
    try:
        settings = patient.operator_settings()
    except SettingsError as error:
        return [wrong("store", "it cannot be asked", str(error).replace("\n", ";"), "mend the settings first")]
    if settings is None:
        why = "what is kept and what is live cannot be looked at"
        remedy = f"start the hotline: {patient.start}; if it runs elsewhere, say --hotline or --folder"
        return [wrong("store", "it does not run here", why, remedy)]
    return [*await check_stores(settings), *await check_content_state(settings)]
