"""The read API as it runs: its own store user, its doors, and a place that is gone after it was pulled (G4, D7)."""

import asyncio
import json

import aiohttp

from app.content_command import ContentCommand
from app.content_wiring import build_content_desk
from app.exchange_command import Source, export_places, import_places
from app.ports import find_free_ports
from app.settings import load_settings
from app.stack import Stack
from app.staff import add_account
from storage.connection import Store
from tests.exchange.world import a_place

_QUICK_COST = 2
DROP_IN = "NPHY Drop-In Center"


async def _get(http, url):
    async with http.get(url) as answer:
        return answer.status, await answer.text()


async def _wait_until(is_so):
    async with asyncio.timeout(60):
        while not await is_so():
            await asyncio.sleep(0.2)


async def test_the_program_serves_what_is_live_and_a_pulled_place_is_gone_and_an_import_becomes_a_draft(tmp_path):
    """With the rights that programs and operator really have in the store."""
    (port,) = find_free_ports(1)
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_CONTENT_SECONDS": "0.2"}
    environ["PORCHLIGHT_READ_API_BIND"] = f"127.0.0.1:{port}"
    async with (
        Stack(tmp_path / "stack", environ=environ, programs={"read_api"}, free_ports=True) as stack,
        aiohttp.ClientSession() as http,
    ):
        url = f"http://127.0.0.1:{port}"
        private = stack.plan.find_instance("read_api").binds[1][1].url
        assert await _get(http, f"{private}/readyz") == (200, "ready\n")
        assert (await _get(http, f"{url}/readyz"))[0] == 404
        assert DROP_IN in (await _get(http, f"{url}/services"))[1]
        await add_account(stack.store_url("staff"), "ann", "a long enough password", ("admin",), "en", _QUICK_COST)
        settings, store = load_settings(stack.env("operator"), "operator"), Store(stack.store_url("operator"))
        command = ContentCommand(settings, build_content_desk(settings, store))
        await command.pull("ann", "nphy_drop_in", "it closed")

        async def is_gone():
            return DROP_IN not in (await _get(http, f"{url}/services"))[1]

        await _wait_until(is_gone)
        figures = (await _get(http, f"{private}/metrics"))[1]
        assert "porchlight_content_version 2.0" in figures and 'porchlight_fault{kind="store"} 0.0' in figures
        (tmp_path / "in.json").write_text(json.dumps([a_place()]))
        source = Source(hsds=tmp_path / "in.json")
        lines = await import_places(command, source, by="ann", dry_run=False, region="", whole=False)
        (draft,) = await command.desk.sets.list_drafts()
        assert draft.origin == "import" and any(f"draft {draft.id}" in line for line in lines)
        out = tmp_path / "out.json"
        await export_places(command, out, leave_out=True, unpublished=False, whole=False)
        assert DROP_IN not in out.read_text() and "Quail" not in out.read_text()
        await store.aclose()
