"""What the proof covers, held against the code: a new way or a new step without a path turns this red."""

import importlib
import inspect
from pathlib import Path

import pytest

from app.programs import PROGRAMS
from app.steps import SEND_STEPS, TURN_STEPS
from hotline.routing import Route
from tests.proof.hooks import HOOKS
from tests.proof.mutations import LEAKS, ROOT, Leak
from tests.proof.paths import CHANNELS, all_paths
from tests.proof.places import PLACES
from tests.proof.scene import BROKEN


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_way_of_the_pipeline_has_a_path_on_every_channel(channel: str) -> None:
    walked = {path.route for path in all_paths() if path.channel == channel and path.route}
    assert set(Route) - walked == set()


def test_every_step_of_the_worker_and_every_program_has_a_path_that_dies_there() -> None:
    names = {path.name for path in all_paths()}
    assert {f"worker: kill at {step}, {c}" for step in (*TURN_STEPS, *SEND_STEPS) for c in CHANNELS} <= names
    # The read API holds safety content alone: nothing of a texter ever reaches it.
    assert set(BROKEN) | {"phone", "read_api"} == set(PROGRAMS) and set(HOOKS) == set(BROKEN)
    for program in BROKEN:
        for how in ("raise", "kill", "segv", "abort"):
            assert any(name.startswith(f"{program}: {how} at ") for name in names), (program, how)


@pytest.mark.parametrize("program", [program for program in HOOKS if program != "rasa"])
def test_every_hook_names_something_that_is_there(program: str) -> None:
    """Those of rasa live in another environment; the whole proof fails if one of them is gone."""
    for hook in HOOKS[program]:
        module, _, path = hook.partition(":")
        found = importlib.import_module(module)
        for name in path.split("."):
            found = inspect.getattr_static(found, name)


def test_paths_and_places_have_names_of_their_own() -> None:
    names = [path.name for path in all_paths()]
    assert len(names) == len(set(names))
    assert len({place.short for place in PLACES}) == len(PLACES)


@pytest.mark.parametrize("leak", [pytest.param(leak, id=leak.name) for leak in LEAKS])
def test_every_leak_has_its_place_in_the_code_as_it_is_now(leak: Leak) -> None:
    assert (ROOT / leak.file).read_text("utf-8").count(leak.old) == 1
    assert (ROOT / leak.tests).exists()
    assert isinstance(leak.paths, tuple) and isinstance(leak.places, tuple)
    shorts = {place.short for place in PLACES}
    assert not leak.paths or all(any(short.startswith(one) for short in shorts) for one in leak.places)
    for path in leak.paths:
        assert any(all(word in one.name for word in path.split()) for one in all_paths()), path


def test_leaks_are_put_in_ten_places_at_least() -> None:
    assert len({leak.file for leak in LEAKS}) >= 10


def test_only_what_is_marked_as_proof_is_left_out_and_the_target_runs_it() -> None:
    """CI's rule that nothing is left out: the long form has a target, and its name in the code is the marker's."""
    makefile = (Path(ROOT) / "Makefile").read_text()
    assert "-m proof" in makefile.partition("\nprove-privacy:")[2].partition("\n\n")[0]
    assert "-m 'not proof'\"" in (Path(ROOT) / "pyproject.toml").read_text()
