"""Canaries through every path, then a search of every place (P1, P6): ``make prove-privacy`` prints the table."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.proof.canaries import Aviary
from tests.proof.paths import Path, all_paths
from tests.proof.places import PLACES, Place, read_memory, search
from tests.proof.scene import Scene, family, playing
from tests.proof.shapes import Finder
from tests.proof.table import TABLE

pytestmark = [
    pytest.mark.proof,
    pytest.mark.browser,
    pytest.mark.engine,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("proof"),
    pytest.mark.timeout(600),
]


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with playing(tmp_path_factory.mktemp("proof"), Aviary.hatch()) as scene:
        yield scene


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in all_paths()])
async def test_path(path: Path, scene: Scene) -> None:
    TABLE.walked[path.name] = False
    before = len(scene.routes())
    await path.walk(scene, scene.aviary.name(path.name), path.channel)
    assert path.route is None or path.route in scene.routes()[before:], scene.routes()[before:]
    TABLE.walked[path.name] = True


async def test_the_search_finds_what_is_there_while_it_is_there(scene: Scene) -> None:
    """A search that cannot find proves nothing: a text that was just answered is in the worker's memory."""
    canary = scene.aviary.name("control")
    await scene.texter(canary, "sms").texts(f"im hungry {canary.word}")
    finder, found = Finder(scene.aviary), set()
    for pid in scene.stack.pids("worker"):
        for piece in read_memory(pid):
            found |= {path for path, _ in finder.search(piece, unpack=False)}
    assert "control" in found
    planted = scene.control.parent / "temporary" / "planted"
    planted.write_text(canary.word)
    files = next(place for place in PLACES if place.short == "files")
    assert ("control", str(planted), "plain") in await search(scene, files, finder)
    planted.unlink()


async def test_the_browser_is_closed(scene: Scene) -> None:
    """Its profile is searched as it lies on the disk afterwards."""
    await scene.closing.aclose()
    assert scene.profile is None or not (scene.profile / "SingletonLock").is_symlink()


@pytest.mark.parametrize("place", [pytest.param(place, id=place.short) for place in PLACES if not place.last])
async def test_place(place: Place, scene: Scene) -> None:
    await _look(place, scene)


@pytest.mark.parametrize("place", [pytest.param(place, id=place.short) for place in PLACES if place.last])
async def test_place_once_the_programs_have_begun_anew(place: Place, scene: Scene) -> None:
    """Ended as recycling ends them: asked to, in good order (P1)."""
    programs = ("webhooks", "worker", "rasa", "actions")
    before = {pid for pid, program in family(scene.stack).items() if program in programs}
    for pid in [pid for program in programs for pid in scene.stack.pids(program)]:
        os.kill(pid, signal.SIGTERM)
    async with asyncio.timeout(60):
        while before & set(family(scene.stack)):
            await asyncio.sleep(0.1)
    await scene.all_ready()
    await _look(place, scene)


async def _look(place: Place, scene: Scene) -> None:
    finder = Finder(scene.aviary)
    hits = await search(scene, place, finder)
    TABLE.looked[place.name] = finder.searched
    stated = {hit for hit in hits if hit[0].startswith(place.stated or ("\0",))}
    hits -= stated
    TABLE.stated |= {(path, place.short) for path, _, _ in stated}
    TABLE.hits |= {(path, place.short, where, shape) for path, where, shape in hits}
    assert not hits, f"{len(hits)} hit(s), in the table below"
    assert finder.searched or place.short in {"dumps", "open"}
