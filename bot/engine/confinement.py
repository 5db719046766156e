"""Keeps the process's memory to itself: no core dump, no debugger, no telemetry, nothing in the home folder."""

import os
from pathlib import Path

from vault.memory import MemoryOpen, close_memory

_UNUSED_CONFIG = Path("/nonexistent/rasa.yml")


class ConfinementError(RuntimeError):
    """The system refused to keep this process's memory out of dumps."""


def confine_memory() -> None:
    """No core file, and no reading of our memory by another process of the same user (P1).

    Raises ConfinementError where the system refuses.
    """
    try:
        close_memory()
    except MemoryOpen as error:
        raise ConfinementError(str(error)) from None


def confine_settings() -> None:
    """Telemetry off before Rasa is imported."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_WORKERS"] = "1"
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    # numpy's threads would fight with the other programs of a small machine over matrices of one row
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def confine_home() -> None:
    """Rasa reads and writes no settings in the home folder; call after the launcher made its imports possible."""
    import rasa.constants
    import rasa.utils.common

    rasa.constants.GLOBAL_USER_CONFIG_PATH = str(_UNUSED_CONFIG)

    def keep_nothing(_name: str, _value: object) -> bool:
        return False

    rasa.utils.common.write_global_config_value = keep_nothing


def confine_to_loopback() -> None:
    """Rasa's commands listen on this machine alone, where they would take every address."""
    import rasa.core.constants

    rasa.core.constants.DEFAULT_SERVER_INTERFACE = "127.0.0.1"
