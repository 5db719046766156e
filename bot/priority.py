"""What keeps programs out of a text's way: the dialogue behind the crisis path (R9), the collector behind both."""

import gc
import os
import time
from pathlib import Path

from bot.idle_class import take_idle_class
from bot.short_turns import take_usual_turns

_SESSION = Path("/proc/self/autogroup")
_ASKED_AT_MOST, _BETWEEN_SECONDS = 10, 0.1  # who is not root is heard ten times a second, all programs together

GIVES_WAY = 10
"""Nice points. Beside a busy program of the crisis path the dialogue still gets a tenth of a core; alone, all of it."""

SESSION_GIVES_WAY = 7
"""The same for all of its session, beside every other program of the machine: a fifth of what each of them gets, as in
the units and containers of ``deploy/``, where the kernel weighs those. With a half a crisis text took 60 ms beside a
saturated engine where it takes 43; with a tenth an engine beside other busy programs answered nobody in time."""


def give_way() -> None:
    """Lets the crisis path's programs run first from now on, so that a saturated dialogue delays none of them.

    Where the kernel weighs sessions before the processes in them (``sched_autogroup``, Debian's default), a program
    with a session of its own gives way with all of it, and inside it is of the idle class (``bot/idle_class``); one in
    another's session leaves that as it is. Call it before memory is closed: after that only root may write there, and
    before there are threads. Its turns are as long as any other's (``bot/short_turns``).
    """
    os.nice(GIVES_WAY)
    take_usual_turns()
    if os.getsid(0) == os.getpid() and _let_session_give_way():
        take_idle_class()


def _let_session_give_way() -> bool:
    for _ in range(_ASKED_AT_MOST):
        try:
            _SESSION.write_text(str(SESSION_GIVES_WAY))
        except BlockingIOError:
            time.sleep(_BETWEEN_SECONDS)
        except OSError:
            return False
        else:
            return True
    return False


def load_undisturbed() -> None:
    """The garbage collector stays out of a start, until ``spare_what_is_loaded``: what is loaded is held anyway."""
    gc.disable()


def spare_what_is_loaded() -> None:
    """The garbage collector looks from now on at what comes, not again and again at rules, model and libraries.

    A look at all of it stops the program (some 70 ms in the worker), and whoever writes just then. Call it when all is
    loaded, before the first text: what is held now is never looked at again. After an undisturbed start there is no
    look even now: somebody may be waiting, and what it would find is small (1,400 objects in the worker).
    """
    if gc.isenabled():
        gc.collect()
    gc.freeze()
    gc.enable()
