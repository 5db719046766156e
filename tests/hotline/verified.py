"""The shipped numbers, region and words with a directory and lines that somebody is taken to have confirmed."""

import copy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from hotline.regions import Region, build_region
from hotline.resources import Directory, build_directory
from storage.content_files import CONTENT_FOLDER, load_documents

FIXTURE = Path(__file__).parent.parent / "fixtures" / "directory_verified"
CONFIRMED_ON = date(2026, 11, 1)
PACIFIC = ZoneInfo("America/Los_Angeles")


@cache
def _load() -> tuple[dict[str, Any], dict[str, Any]]:
    # Only the folders of the directory, so that other content cannot break these tests.
    shipped = {
        name: yaml.safe_load((CONTENT_FOLDER / f"{name}.yml").read_text("utf-8")) for name in ("numbers", "categories")
    }
    for folder in ("directory", "regions"):
        documents = load_documents(CONTENT_FOLDER / folder)
        shipped |= {f"{folder}/{name}": document for name, document in documents.items()}
    return shipped, dict(load_documents(FIXTURE))


def shipped_documents() -> dict[str, Any]:
    """A copy of the content as it ships: nothing confirmed."""
    return copy.deepcopy(_load()[0])


def verified_documents() -> dict[str, Any]:
    """A copy of the content with the fixture's places, and every line confirmed on CONFIRMED_ON."""
    shipped, fixture = copy.deepcopy(_load())
    kept = {name: document for name, document in shipped.items() if not is_place(name)}
    for line in kept["numbers"]["lines"].values():
        line |= {"assured_date": CONFIRMED_ON, "verified_by": "test administrator"}
    return kept | fixture


def is_place(name: str) -> bool:
    """True for a content file that holds places."""
    return name.startswith(("directory/nevada/", "directory/national/", "directory/california/"))


def nevada(documents: dict[str, Any] | None = None) -> Region:
    """The region pack of Nevada."""
    return build_region(documents or _load()[0], "nevada")


def verified_directory(mode: str = "live") -> Directory:
    """The fixture's directory."""
    documents = verified_documents()
    return build_directory(documents, nevada(documents), mode)


def pacific(text: str) -> datetime:
    """A moment on Nevada's clock, such as ``2026-11-23 08:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC)
