"""What the served engine never loads: packages that Rasa imports for commands, channels and stores that are not ours.

They are installed, for training and Rasa's own commands; in a served process they were half of its memory and of the
time that it takes to start. Their imports are answered as those of packages that are left out (``absent.py``): using
one raises. Only ``serve`` does this, so everything else has them.
"""

import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

from bot.engine import absent

PACKAGES = frozenset(
    {
        "apscheduler",  # reminders
        "charset_normalizer", "requests", "urllib3",  # telemetry, channels
        "cryptography", "jwt", "sanic_cors", "sanic_jwt",  # Rasa's own API, of which nothing is served
        "dask", "tlz", "toolz",  # the graph runs without it: quick_graph.py
        "joblib", "scipy", "sklearn",  # training; one text is read without them: intents.py
        "prompt_toolkit", "questionary", "terminaltables", "tqdm", "wcwidth",  # the shell
        "redis", "sqlalchemy",  # stores of conversations
        "websockets",
    }
)  # fmt: skip


def _strtobool(value: str) -> bool:
    return value.lower() in {"1", "on", "t", "true", "y", "yes"}


def _find_resource(package: str, path: str) -> str:
    spec = importlib.util.find_spec(package)
    return str(Path((spec.origin if spec else None) or "").parent / path)


def _stand_in(name: str, **content: Any) -> None:
    module = types.ModuleType(name)
    module.__dict__.update(content)
    sys.modules[name] = module


def install() -> None:
    """From now on PACKAGES answer as if they were left out; of setuptools there are the two functions that are used."""
    absent.install(PACKAGES, first=True)
    _stand_in("distutils", __path__=[])
    _stand_in("distutils.util", strtobool=_strtobool)
    _stand_in("pkg_resources", resource_filename=_find_resource)
