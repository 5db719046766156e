"""A store on several servers of one machine: a primary, copies and one Sentinel, set up by ``app/shared_store.py``."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from app.embedded_store import find_server
from app.network import Bind
from app.shared_store import Shared


class SharedServers:
    """One kind of server (``store`` or ``keys``) and a copy or two of it, with a Sentinel that watches them."""

    def __init__(self, folder: Path, name: str = "store", *, copies: int = 2, data: str | None = None) -> None:
        self.folder, self.name, self._data = folder, name, data
        self.ports = [_free_port() for _ in range(copies + 1)]
        self._sentinel = Bind("127.0.0.1", _free_port())
        primaries = {"store": Bind("127.0.0.1", self.ports[0]), "keys": Bind("127.0.0.1", self.ports[0])}
        Shared((self._sentinel,), primaries, folder / "made", tls="", down_milliseconds=1000).write()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def url(self, program: str) -> str:
        """What a program connects with."""
        return (
            (self.folder / "made" / f"{program}.{'redis' if self.name == 'store' else 'keys'}_url").read_text().strip()
        )

    def start(self) -> None:
        """Starts the servers, the first of them as the primary, then Sentinel."""
        for port in self.ports:
            self._start_server(port)
        page = (self.folder / "made" / "sentinel.conf").read_text().splitlines()
        other = "keys" if self.name == "store" else "store"
        conf = self.folder / "sentinel.conf"
        lines = [f"dir {self.folder}", *(line for line in page if f"porchlight-{other}" not in line)]
        conf.write_text("\n".join(lines) + "\n")
        acl = self.folder / "made" / "sentinel.acl"
        self._run(self._sentinel.port, str(conf), "--sentinel", "--aclfile", str(acl))

    def kill(self, port: int) -> None:
        """kill -9."""
        self._processes[port].kill()
        self._processes.pop(port).wait()

    def pause(self, port: int) -> None:
        """It keeps its connections and answers nothing."""
        self._processes[port].send_signal(signal.SIGSTOP)

    def resume(self, port: int) -> None:
        """Lets it go on."""
        self._processes[port].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ends all of them."""
        for port in list(self._processes):
            self.kill(port)

    def _start_server(self, port: int) -> None:
        made, data = self.folder / "made", self._data or str(self.folder / str(port))
        Path(data).mkdir(exist_ok=True)
        conf = self.folder / f"{port}.conf"
        conf.write_text((made / f"{self.name}.conf").read_text() + f"port {port}\nbind 127.0.0.1\n")
        options = ["--dir", data, "--aclfile", str(made / f"{self.name}.acl")]
        if port != self.ports[0]:
            options += ["--replicaof", f"127.0.0.1 {self.ports[0]}"]
        self._run(port, str(conf), *options)

    def _run(self, port: int, *arguments: str) -> None:
        log = (self.folder / f"{port}.log").open("ab")
        self._processes[port] = subprocess.Popen(
            [find_server(), *arguments, "--port", str(port)], stdout=log, stderr=log
        )
        deadline = time.monotonic() + 5
        while not _answers(port):
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / f"{port}.log").read_text())
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True
