"""What a stack will run, worked out before anything starts: settings, secrets on file, stores, commands."""

import json
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path

from app.child_environment import build_environment
from app.embedded_store import Instance as StoreInstance
from app.embedded_store import create_instances, find_server, is_answering, write_private
from app.operating import operator_file
from app.practice import Login, create_login, practice_environ
from app.programs import ROOT, Instance, Program, build_instances
from app.settings import ALL, load_settings
from app.store_acl import READ_CONTENT_ALONE
from app.supervised import Plan, answers_ok

_URLS = {"store": "PORCHLIGHT_REDIS_URL", "keys": "PORCHLIGHT_KEYS_URL"}


class StackPlan:
    """Everything that is known before the first process starts.

    Raises SettingsError, StoreMissing or OSError; every program's settings are checked here, so that a stack with a
    mistake in it starts nothing at all (X3).
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        catalog: Mapping[str, Program],
        wanted: Collection[str],
        extra: Mapping[str, Mapping[str, str]],
        *,
        free_ports: bool,
    ) -> None:
        self.folder = folder
        self.login: Login | None = None
        self._catalog = catalog
        self._extra = extra
        self._environ = dict(environ)
        if environ.get("PORCHLIGHT_MODE") == "practice":
            self._environ = practice_environ(environ, folder, free_ports=free_ports)
            self.login = create_login()
        # Without it the store would lie where no path was given: a folder of that name at the root of the disk.
        self._environ["PORCHLIGHT_DATA"] = environ.get("PORCHLIGHT_DATA") or str(folder / "data")
        self.settings = load_settings(self._environ, ALL)
        practice = self.settings.mode == "practice"
        self.programs = [p for n, p in catalog.items() if n in wanted and (practice or not p.practice_only)]
        self.stores = self._build_stores()
        for program in self.programs:
            load_settings(self.env(program.name), program.name)

    def env(self, program: str) -> dict[str, str]:
        """The environment that ``program`` gets (its first process), secrets as files; also for staff and channels."""
        passes = self._catalog[program].passes if program in self._catalog else ()
        source = {**self._environ, **self._store_urls(program)}
        built = build_environment(program, source, passes, self.folder / "run" / program)
        return {**built, **self._extra.get(program, {})}

    def hand_over_to_operator(self) -> Path:
        """Writes what ``porchlight keys``, ``backup`` and ``wipe`` need to reach this stack: 0600, gone with it."""
        path = operator_file(self.folder)
        environment = self.env("operator")
        write_private(path, json.dumps(environment))
        return path

    def store_url(self, name: str, program: str) -> str:
        """The URL of ``store`` or ``keys`` as ``program`` has it. Raises KeyError if it has none."""
        return {**self._environ, **self._store_urls(program)}[_URLS[name]]

    def instances(self) -> Iterator[Instance]:
        """Every process to start, in order."""
        for program in self.programs:
            yield from build_instances(program, self.settings)

    def find_instance(self, name: str) -> Instance:
        """A process by its name, also of a program that is not started. Raises KeyError."""
        for program in self._catalog.values():
            for instance in build_instances(program, self.settings):
                if instance.name == name:
                    return instance
        raise KeyError(name)

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.folder / "logs" / f"{name}.log"

    def store_plans(self) -> list[Plan]:
        """How to run the embedded store and keys instance; none for a configured one."""
        server = find_server() if self.stores else ""
        return [
            Plan(s.name, s.command(server), {}, s.folder, self.log(s.name), partial(is_answering, s))
            for s in self.stores
        ]

    def plans(self, tier: int) -> list[Plan]:
        """How to run every process of a tier."""
        return [self._plan(instance) for instance in self.instances() if instance.program.tier == tier]

    def _plan(self, instance: Instance) -> Plan:
        environment = {**self.env(instance.program.name), **instance.overrides}
        is_ready = partial(answers_ok, instance.ready_at, instance.program.ready)
        return Plan(
            instance.name, instance.command(sys.executable), environment, ROOT, self.log(instance.name), is_ready
        )

    def _build_stores(self) -> tuple[StoreInstance, ...]:
        missing = [n for n, url in _URLS.items() if not self._environ.get(url) and not self._environ.get(f"{url}_FILE")]
        if not missing:
            return ()
        return tuple(s for s in create_instances(self.settings.data, self.folder / "run") if s.name in missing)

    def _store_urls(self, program: str) -> dict[str, str]:
        urls = {_URLS[store.name]: url for store in self.stores if (url := store.url(program))}
        # Their setting is another one, so that none that opens more is ever handed to them.
        only_content = program in READ_CONTENT_ALONE and "PORCHLIGHT_REDIS_URL" in urls
        return {**urls, "PORCHLIGHT_CONTENT_URL": urls["PORCHLIGHT_REDIS_URL"]} if only_content else urls
