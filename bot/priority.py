"""Who goes first where programs share a machine: the dialogue gives way to the crisis path (R9)."""

import os

GIVES_WAY = 10
"""Nice points. Beside a busy program of the crisis path the dialogue still gets a tenth of a core; alone, all of it."""


def give_way() -> None:
    """Lets the crisis path's programs run first from now on, so that a saturated dialogue delays none of them."""
    os.nice(GIVES_WAY)
