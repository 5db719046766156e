"""A real Redis-protocol server for tests: the one that comes with Porchlight, with its own access rules."""

import subprocess
import tempfile
import time
from pathlib import Path

from app.embedded_store import Instance, create_instances, find_server


class RealStores:
    """The store and the keys instance in a folder of their own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._socket_folder = tempfile.mkdtemp(prefix="pl-")
        (folder / "run").mkdir(mode=0o700, exist_ok=True)
        self.store, self.keys = create_instances(Path(self._socket_folder), folder / "run")
        self._server = find_server()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Starts one instance and waits until it answers."""
        instance = self._instance(name)
        log = (self.folder / f"{name}.log").open("ab")
        self._processes[name] = subprocess.Popen(instance.command(self._server), stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while not instance.socket.exists() or not _answers(instance):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.02)

    def __enter__(self) -> "RealStores":
        """Starts both."""
        self.start("store")
        self.start("keys")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Ends both."""
        for name in list(self._processes):
            self.kill(name)

    def url(self, name: str, program: str) -> str:
        """Where a program connects."""
        url = self._instance(name).url(program)
        assert url is not None
        return url

    def _instance(self, name: str) -> Instance:
        return self.store if name == "store" else self.keys


def _answers(instance: Instance) -> bool:
    import asyncio

    from app.embedded_store import is_answering

    return asyncio.run(is_answering(instance))
