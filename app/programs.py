"""The programs of one machine, as data: what starts them, when, and how one sees that they are ready."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.network import Bind
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
_WORKER_PORT_STEP = 10


@dataclass(frozen=True, slots=True)
class Program:
    """One program. ``command`` has gaps {python}, {engine} and {port}; ``binds`` are attributes of Settings.

    ``tier`` 1 is the crisis path and is ready before tier 2 begins; ``ready`` is asked at the bind named ``ready_at``.
    ``passes`` names variables, or their beginnings with a star, that are handed on besides the program's settings.
    """

    name: str
    command: tuple[str, ...]
    tier: int
    binds: tuple[str, ...]
    ready_at: str
    ready: str = "/readyz"
    passes: tuple[str, ...] = ()
    practice_only: bool = False
    optional: bool = False
    """Started only if its first bind is set."""


# fmt: off
PROGRAMS: Mapping[str, Program] = {
    program.name: program
    for program in (
        Program("webhooks", ("{python}", "-m", "app.webhooks"), 1, ("webhooks_bind", "webhooks_metrics_bind"),
                "webhooks_bind", passes=("PORCHLIGHT_RECYCLE_*",)),
        Program("worker", ("{python}", "-m", "app.worker"), 1, ("worker_bind",), "worker_bind",
                passes=("PORCHLIGHT_RECYCLE_*",)),
        Program("phone", ("{python}", "-m", "phone"), 2, ("phone_bind",), "phone_bind", "/healthz",
                ("PORCHLIGHT_PHONE_*", "PORCHLIGHT_WORKER_URL"), practice_only=True),
        Program("console", ("{python}", "-m", "app.console"), 2, ("console_bind", "console_metrics_bind"),
                "console_metrics_bind"),
        Program("actions", ("{python}", "-m", "bot.actions"), 2, ("actions_bind",), "actions_bind"),
        Program("read_api", ("{python}", "-m", "app.read_api"), 2, ("read_api_bind", "read_api_metrics_bind"),
                "read_api_metrics_bind", optional=True),
        Program("rasa", ("{engine}", "-m", "bot.engine.serve", "--port", "{port}"), 2, ("rasa_urls",), "rasa_urls",
                passes=("PORCHLIGHT_RECYCLE_*",)),
    )
}
# fmt: on
"""Every program, in the order in which they are started."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One process to run: a program, its name in logs, where it listens and what is different from its settings."""

    name: str
    program: Program
    binds: tuple[tuple[str, Bind], ...]
    ready_at: Bind
    overrides: Mapping[str, str]

    def command(self, python: str) -> list[str]:
        """The command line; no secret is in it."""
        engine = ROOT / "bot" / "engine" / ".venv" / "bin" / "python"
        gaps = {"python": python, "engine": str(engine), "port": str(self.ready_at.port)}
        return [part.format(**gaps) for part in self.program.command]


def build_instances(program: Program, settings: Settings) -> Iterator[Instance]:
    """One instance a worker process or Rasa URL, one of every other program."""
    if program.name == "rasa":
        yield from _build_rasa(program, settings)
        return
    if program.optional and not getattr(settings, program.binds[0]):
        return
    count = settings.workers if program.name == "worker" else 1
    for number in range(count):
        binds = tuple((_setting_name(name), _moved(getattr(settings, name), number)) for name in program.binds)
        overrides = {} if number == 0 else {name: str(bind) for name, bind in binds}
        name = program.name if number == 0 else f"{program.name}-{number + 1}"
        yield Instance(name, program, binds, _moved(getattr(settings, program.ready_at), number), overrides)


def _build_rasa(program: Program, settings: Settings) -> Iterator[Instance]:
    for number, url in enumerate(settings.rasa_urls):
        parts = urlsplit(url)
        bind = Bind(parts.hostname or "127.0.0.1", parts.port or 80)
        name = program.name if number == 0 else f"{program.name}-{number + 1}"
        yield Instance(name, program, (("PORCHLIGHT_RASA_URLS", bind),), bind, {})


def _moved(bind: Bind, number: int) -> Bind:
    return Bind(bind.host, bind.port + _WORKER_PORT_STEP * number)


def _setting_name(attribute: str) -> str:
    return f"PORCHLIGHT_{attribute.upper()}"
