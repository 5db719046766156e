"""What keeps programs out of a text's way: the dialogue behind the crisis path (R9), the collector behind both."""

import gc
import os

GIVES_WAY = 10
"""Nice points. Beside a busy program of the crisis path the dialogue still gets a tenth of a core; alone, all of it."""


def give_way() -> None:
    """Lets the crisis path's programs run first from now on, so that a saturated dialogue delays none of them."""
    os.nice(GIVES_WAY)


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
