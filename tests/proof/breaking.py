"""A real program that breaks where it is told to: ``python -m tests.proof.breaking worker``.

At a hook it raises an error that carries words, dies by kill -9, or crashes as a fault in C would. Imports nothing of
pytest: the engine's own Python runs it too.
"""

import functools
import importlib
import inspect
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.proof.hooks import HOOKS

_CONTROL = Path(os.environ.get("PROOF_CONTROL", "/nonexistent"))


class Broken(Exception):
    """What breaks, with a texter's words in it."""


def break_here(hook: str) -> None:
    """Does what is asked for at this hook, once each time that is left."""
    path = _CONTROL / "break"
    try:
        asked = json.loads(path.read_text())
    except FileNotFoundError:
        return
    if asked["at"] != hook:
        return
    if asked["times"] <= 1:
        path.unlink(missing_ok=True)
    else:
        path.write_text(json.dumps({**asked, "times": asked["times"] - 1}))
    match asked["how"]:
        case "raise":
            raise Broken(asked["words"])
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "segv":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "abort":
            os.abort()


def wrap(hook: str) -> None:
    """Puts a hook before a function or method, named ``module:Class.method``."""
    module, _, path = hook.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for one in owners:
        owner = getattr(owner, one)
    original = inspect.getattr_static(owner, name)
    function = original.__func__ if isinstance(original, staticmethod | classmethod) else original

    @functools.wraps(function)
    def broken(*args: Any, **kwargs: Any) -> Any:
        break_here(hook)
        return function(*args, **kwargs)

    @functools.wraps(function)
    async def broken_later(*args: Any, **kwargs: Any) -> Any:
        break_here(hook)
        return await function(*args, **kwargs)

    either = broken_later if inspect.iscoroutinefunction(function) else broken
    setattr(owner, name, type(original)(either) if function is not original else either)


def note_routes() -> None:
    """Writes down which way every turn goes: the route's name alone."""
    import hotline.pipeline

    decide: Callable[..., Any] = hotline.pipeline.decide_route

    def noting(*args: Any) -> Any:
        route = decide(*args)
        with (_CONTROL / "routes").open("a") as file:
            file.write(f"{route}\n")
        return route

    hotline.pipeline.decide_route = noting


def break_engine() -> None:
    """Rasa's own modules may be imported only once the launcher has confined them."""
    from bot.engine import launcher, serve

    launcher.find_project()
    build = serve._build_app

    def build_broken(*args: Any) -> Any:
        for hook in HOOKS["rasa"]:
            wrap(hook)
        return build(*args)

    serve._build_app = build_broken


def main() -> int:
    program = sys.argv.pop(1)
    if program == "rasa":
        break_engine()
        from bot.engine.serve import main as run_engine

        return run_engine()
    if program == "worker":
        note_routes()
    for hook in HOOKS[program]:
        wrap(hook)
    module = importlib.import_module("bot.actions.__main__" if program == "actions" else f"app.{program}")
    steps = [lambda step: break_here(f"step:{step}")] if program == "worker" else []
    return int(module.main(*steps) or 0)


if __name__ == "__main__":
    sys.exit(main())
