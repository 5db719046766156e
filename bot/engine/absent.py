"""Stand-ins for packages that Rasa imports at its top and this bot never uses.

They are left out of the environment (TensorFlow alone is 586 MB), so their imports are answered with inert modules:
importing and subclassing work, using them raises. An installed package always wins.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any, ClassVar

PACKAGES = frozenset(
    {
        "absl", "aio_pika", "aiogram", "aiormq", "boto3", "botocore", "cachecontrol", "confluent_kafka", "dns",
        "fbmessenger", "google", "keras", "matplotlib", "networkx", "psycopg2", "pydot", "pymongo", "requests_toolbelt",
        "sentry_sdk", "slack_sdk", "socketio", "tensorflow", "twilio", "webexteamssdk",
    }
)  # fmt: skip


class LeftOutError(RuntimeError):
    """Something tried to use a package that this environment leaves out."""


class _Inert(type):
    """Makes a class that stands for any name: attributes, unions, base classes and ``except`` clauses."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls


class LeftOut(Exception, metaclass=_Inert):
    """What every name of an absent module is; an exception, because some of them stand in except clauses."""

    def __class_getitem__(cls, _item: Any) -> Any:
        return cls

    def __init_subclass__(cls, **_options: Any) -> None:
        """Accepts class keywords such as ``metaclass`` options of the real base class."""

    def __new__(cls, *values: Any, **options: Any) -> Any:
        """A decorated function as it was, a module's constant as the class; for anything else LeftOutError."""
        if cls is not LeftOut:
            raise LeftOutError(f"{cls.__module__}.{cls.__name__} needs a package that is left out")
        is_decorator = len(values) == 1 and not options and isinstance(values[0], types.FunctionType)
        return values[0] if is_decorator else cls


class _AbsentModule(types.ModuleType):
    __path__: ClassVar[list[str]] = []
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return LeftOut


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in self._packages:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing runs."""


def install(packages: frozenset[str] = PACKAGES, *, first: bool = False) -> None:
    """Answers imports of these from now on, unless the real package is installed; with ``first`` even then."""
    sys.meta_path.insert(0 if first else len(sys.meta_path), _Finder(packages))
