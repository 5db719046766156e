"""The real reports over a store in memory."""

from functools import cache
from typing import Any, cast

from app.reports import StoreReports, build_reports
from hotline.directory import Directory
from hotline.regions import build_region
from hotline.resources import build_directory
from storage.content_files import load_documents
from tests.console.fakes import FakeClock
from tests.console.memory_store import MemoryStore


@cache
def _build_directory() -> tuple[dict[str, Any], Directory]:
    documents = dict(load_documents())
    return documents, build_directory(documents, build_region(documents, "nevada"), "practice")


def build_fake_reports(store: MemoryStore, clock: FakeClock) -> StoreReports:
    """Reports of what a test has counted in ``tallies:<period>``."""
    documents, directory = _build_directory()
    return build_reports(cast(Any, store), documents, directory, clock, "Porchlight")
