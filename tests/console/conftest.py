import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette

from app.printing import build_print_desk
from console.application import build_console
from console.context import Pace
from console.entering import build_check_number
from console.passwords import PasswordChecker
from console.people import AccountPeople
from hotline.conversations import Owner
from hotline.messages import ConversationId
from hotline.practice_line import build_scenarios
from hotline.training import build_courses
from storage.content_files import load_documents
from tests.console.fakes import (
    CHEAP,
    COST,
    PASSWORD,
    FakeAccounts,
    FakeClock,
    FakeDesk,
    build_listed,
    build_proof,
)
from tests.console.fakes_audit import FakeAudit, FakeLoad
from tests.console.fakes_beside import build_fake_beside
from tests.console.fakes_content import build_fake_editing
from tests.console.fakes_paging import build_paging
from tests.console.fakes_reports import build_fake_reports
from tests.console.fakes_seals import FakeSeals
from tests.real_store import RealStores

QUICK = {
    "en": {
        "hello": "I am here and I am reading.",
        "place": "Do you want help to find a place?",
        "quick_worry": "What worries you about it: the place, the ride, or something else?",
    },
    "es": {"hello": "Te leo.", "quick_worry": "¿Qué te preocupa: el lugar, el viaje u otra cosa?"},
}
DOCUMENTS = load_documents()
COURSES = build_courses(DOCUMENTS["training"])
SCENARIOS = build_scenarios(DOCUMENTS)
KNOWN = frozenset({"988", "741741", "8883737888", "7025550100"})


@dataclass
class Stage:
    """A console with its people and conversations, and visits to it without a browser."""

    clock: FakeClock = field(default_factory=FakeClock)
    seals: FakeSeals = field(default_factory=FakeSeals)
    url: str = "http://127.0.0.1:8081"
    pace: Pace = field(default_factory=Pace)
    practice: bool = True
    second_factor: bool = False
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.desk = FakeDesk(self.clock, self.seals)
        self.beside = build_fake_beside(sorted(KNOWN))
        self.accounts = FakeAccounts(self.clock)
        self.store = self.accounts.store
        self.paging = build_paging(self.store)
        self.printing = build_print_desk(self.store, DOCUMENTS, "+17755550123")
        self.editing = build_fake_editing(self.clock, self.accounts)
        forget = (self.paging.contacts.forget, self.paging.shifts.forget)
        self.people = AccountPeople(self.accounts, build_check_number, forget)
        self.audit = FakeAudit(self.clock)
        self.load = FakeLoad()
        self.reports = build_fake_reports(self.store, self.clock)
        for name in ("advocate", "supervisor", "admin", "outreach"):
            self.accounts.add({"advocate": "robin"}.get(name, name), name)
        self.accounts.add("luz", "advocate", language="es")
        for name in ("robin", "luz"):
            self.seals.add_reader(name)

    def build(self) -> Starlette:
        return build_console(
            desk=self.desk,
            seals=self.seals,
            accounts=self.accounts,
            people=self.people,
            audit=self.audit,
            load=self.load,
            reports=self.reports,
            clock=self.clock,
            console_url=self.url,
            quick_replies=QUICK,
            paging=self.paging,
            beside=self.beside,
            printing=self.printing,
            editing=self.editing,
            courses=COURSES,
            scenarios=SCENARIOS,
            practice=self.practice,
            passwords=PasswordChecker(CHEAP),
            password_cost=COST,
            second_factor=self.second_factor,
            pace=self.pace,
            stopping=self.stopping,
        )

    def visit(self) -> httpx.AsyncClient:
        if not hasattr(self, "app"):
            self.app = self.build()
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=self.url)

    @asynccontextmanager
    async def log_in(self, name: str = "robin") -> AsyncIterator[httpx.AsyncClient]:
        async with self.visit() as client:
            assert (await try_login(client, name, PASSWORD)).status_code == 200
            yield client

    async def wait_for_advocate(self, conversation: str = "c1", **changes: object) -> ConversationId:
        await self.desk.put(build_listed(conversation, self.clock.now(), **changes))
        return ConversationId(conversation)

    async def hold(self, conversation: str = "c1", by: str = "robin", **changes: object) -> ConversationId:
        changes = {"owner": Owner.WITH_ADVOCATE, "advocate": by, "agreed": True, **changes}
        held = await self.wait_for_advocate(conversation, **changes)
        await self.desk.add(held, "texter", "i cant do this anymore")
        self.clock.pass_seconds(2)
        await self.desk.add(held, "bot", "Thank you for telling me. Do you want a person?", "delivered")
        return held


async def try_login(client: httpx.AsyncClient, name: str, password: str, **more: str) -> httpx.Response:
    """A login as the browser makes it: the salt first, then the proof of the password."""
    token = find_token((await client.get("/login")).text)
    asked = (await client.post("/login/salt", data={"name": name, "csrf": token})).json()
    proof = build_proof(password, asked["salt"], asked["n"])
    return await client.post("/login", data={"name": name, "proof": proof, "csrf": token, **more})


def seal_reply(stage: Stage, text: str, conversation: str = "c1", name: str = "robin") -> str:
    """What the browser puts in the form."""
    public = stage.seals.inbox.public()
    return base64.b64encode(public.seal(text.encode(), f"reply|{conversation}|{name}")).decode()


def find_token(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


async def post(client: httpx.AsyncClient, path: str, htmx: bool = False, **fields: str) -> httpx.Response:
    token = find_token((await client.get("/waiting")).text)
    headers = {"HX-Request": "true"} if htmx else {}
    return await client.post(path, data={"csrf": token, **fields}, headers=headers)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStores]:
    with RealStores(tmp_path_factory.mktemp("store")) as stores:
        yield stores


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
async def robin(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with stage.log_in("robin") as client:
        yield client
