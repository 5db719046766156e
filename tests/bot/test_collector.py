"""The garbage collector's part in a start: out of it, and back at work behind it (R9)."""

import subprocess
import sys

_CODE = """
import gc, weakref
from bot.priority import load_undisturbed, spare_what_is_loaded
load_undisturbed()
assert not gc.isenabled()
spare_what_is_loaded()
assert gc.isenabled() and gc.get_freeze_count() > 1000
class Ring: pass
ring = Ring(); ring.itself = ring; gone = weakref.ref(ring); del ring
gc.collect()
assert gone() is None
print("well")
"""


def test_the_collector_is_at_work_again_once_a_start_is_done() -> None:
    run = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("well", "")
