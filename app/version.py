"""Which version of Porchlight this is."""

from importlib.metadata import PackageNotFoundError, version


def find_version() -> str:
    """The version of the installed package; 0 where it runs without having been installed."""
    try:
        return version("porchlight")
    except PackageNotFoundError:
        return "0"
