"""A search that cannot find proves nothing: every shape is planted in every place, and found there."""

import http.server
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from app import embedded_store
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, Right
from storage.connection import Store
from tests.proof import places
from tests.proof.canaries import Aviary
from tests.proof.places import PLACES, Place, search
from tests.proof.shapes import PLANTED, Finder
from tests.real_store import RealStores

AVIARY = Aviary.hatch()
SHAPES = {shape: plant(f"he took my {AVIARY.name(shape).word} lantern") for shape, plant in PLANTED.items()}
_WHOLE_ONLY = {"bare deflate"}
_NO_ZEROS = {shape for shape, planted in SHAPES.items() if b"\0" in planted}
_HOLDER = """
import sys, tempfile, ctypes, binascii, time
held = [binascii.unhexlify(line) for line in sys.stdin.read().split()]
open_files = []
for one in held:
    file = tempfile.TemporaryFile(); file.write(one); file.flush(); open_files.append(file)
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What a scene shows to places, with every shape in each of them."""
    folder = tmp_path_factory.mktemp("planted")
    for name in ("stack/logs", "control", "temporary", "profile", "stores"):
        (folder / name).mkdir(parents=True)
    began = time.time() - 1
    for number, planted in enumerate(SHAPES.values()):
        for name in ("stack", "stack/logs", "temporary", "profile", "core"):
            (folder / name).mkdir(exist_ok=True)
            (folder / name / f"core.{number}").write_bytes(planted)
    words = [planted for shape, planted in SHAPES.items() if shape not in _NO_ZEROS]
    environment = {f"WORD{number}".encode(): word for number, word in enumerate(words)}
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert holder.stdin and holder.stdout
    holder.stdin.write(b"\n".join(planted.hex().encode() for planted in SHAPES.values()))
    holder.stdin.close()
    assert holder.stdout.readline() == b"ready\n"
    right = (Right("allchannels +@all", "*"),)
    with (
        patch.object(embedded_store, "STORE_RIGHTS", {**STORE_RIGHTS, "proof": right}),
        patch.object(embedded_store, "KEYS_RIGHTS", {**KEYS_RIGHTS, "proof": right}),
    ):
        stores = RealStores(folder / "stores")
    stores.start("store")
    stores.start("keys")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Telling)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    instance = SimpleNamespace(binds=[("", SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}"))] * 2)
    stack = SimpleNamespace(
        folder=folder / "stack", store_url=lambda user: stores.url("store", user),
        keys_url=lambda user: stores.url("keys", user), plan=SimpleNamespace(find_instance=lambda _name: instance),
    )  # fmt: skip
    yield SimpleNamespace(
        stack=stack, control=folder / "control", profile=folder / "profile", began=began, said=[], changed=None,
        wire=list(SHAPES.values()), holder=holder.pid,
    )  # fmt: skip
    server.shutdown()
    server.server_close()
    stores.stop()
    holder.kill()
    holder.wait()
    holder.stdout.close()


class _Telling(http.server.BaseHTTPRequestHandler):
    """Metrics that tell everything, in labels."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        for planted in SHAPES.values():
            self.wfile.write(b'sends{to="' + planted + b'"} 1\n')

    def log_message(self, *_words: Any) -> None:
        pass


_PLANTABLE = [place for place in PLACES if place.short not in {"mem co", "mem new"}]
"""The memory of one program stands for that of all: they are read by the same function."""


@pytest.mark.parametrize("place", [pytest.param(place, id=place.short) for place in _PLANTABLE])
async def test_every_shape_is_found_in_every_place(place: Place, scene: Any, tmp_path: Path) -> None:
    for url in (scene.stack.store_url("proof"), scene.stack.keys_url("proof")):
        store = Store(url)
        for number, planted in enumerate(SHAPES.values()):
            await store.call("SET", f"planted:{number}", planted)
            await store.call("SET", planted, number)
            await store.call("HSET", "hash", planted, planted)
            await store.call("XADD", "stream", "*", "m", planted)
        await store.aclose()
    only = [scene.stack.folder.parent]
    with (
        patch.object(places, "family", lambda _stack: {scene.holder: "store"}),
        patch.object(places, "MACHINE", only),
    ):
        found = {path for path, _, _ in await search(scene, place, Finder(AVIARY))}
    expected = set(SHAPES)
    if place.short in {"proc", "metrics"} or place.short.startswith("mem"):
        expected -= _WHOLE_ONLY  # bare deflate has no beginning that could be known amid other bytes
    if place.short == "proc":
        expected -= _NO_ZEROS  # an environment cannot hold them
    assert expected - found == set()
