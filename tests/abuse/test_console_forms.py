"""Every route of the console with wrong forms, by who may do everything and by a stranger: never a 500 (A6)."""

import random
from collections.abc import Iterator

import httpx
import pytest

from console.roles import ROLES
from console.routes import ROWS
from tests.console.conftest import Stage, find_token

# fmt: off
NASTY = [
    "", " ", "0", "-1", "9" * 400, "1e999", "NaN", "\0", "a\0b", "\xed\xa0\x80", "\u202e\u0301" * 20, "\ufdfa" * 40,
    "\U0001f600" * 40, "../../etc/passwd", "<script>", "'", '"', "{}", "[]", "[" * 3000, "null", "true", "c1", "robin",
    "nobody", "2026-11-21T99:99", "9999-12-31T23:59", "0001-01-01", "+99:99", "%00", "a" * 9000, '{"id":[]}',
    '{"id":"' + "A" * 4000 + '"}', "٣", "0x1f", "é" * 50,
]
NAMES = """
    name proof code invitation salt credential conversation text action detail confirmed until minutes outcome reason
    place language role roles alias password wrapped lock locks public kind endpoint p256dh auth address id login label
    start end duty from to day week note scenario answer step training cap secret former recovery epoch wraps
""".split()  # noqa: SIM905
# fmt: on
PLACES = ("{conversation}", "{name}", "{scenario}", "{login}", "{place}", "{id}")
ENDLESS = {"/events"}
"""Streams that end when the browser goes."""

ENDING = ("/login", "/logout", "/join", "/account")
"""Ways that may end the login that is tried with: they come last."""

TRIES = 3


def list_calls() -> Iterator[tuple[str, str]]:
    """Method and path of every route there is."""
    for path, _, methods, _ in sorted(ROWS, key=lambda row: row[0].startswith(ENDING)):
        if path not in ENDLESS:
            yield from ((method, path) for method in methods)


def _fill(path: str, chance: random.Random) -> str:
    for place in PLACES:
        path = path.replace(place, chance.choice(["c1", "robin", "nobody", "%00", "%F0%9F%98%80", "a" * 300, "..%2f"]))
    return path.replace("{", "").replace("}", "")


async def _try_everything(stage: Stage, name: str | None, chance: random.Random) -> dict[str, int]:
    answers: dict[str, int] = {}
    for method, path in list_calls():
        async with stage.visit() as client:
            token = await _enter(stage, client, name)
            for _ in range(TRIES):
                fields = {chance.choice(NAMES): chance.choice(NASTY) for _ in range(chance.randrange(0, 6))}
                url = _fill(path, chance)
                if method == "POST":
                    answer = await client.post(url, data={"csrf": token, **fields})
                else:
                    answer = await client.request(method, url, params=fields)
                answers[f"{method} {path} {sorted(fields.items())[:4]}"] = answer.status_code
    return answers


async def _enter(stage: Stage, client: httpx.AsyncClient, name: str | None) -> str:
    if name is None:
        return find_token((await client.get("/login")).text)
    stage.accounts.add(name, *ROLES)
    login = await stage.accounts.create_login(name, client.headers["user-agent"])
    client.cookies.set("porchlight", login)
    return find_token((await client.get("/waiting")).text)


async def test_no_route_fails_on_a_wrong_form_of_somebody_who_may_do_everything(stage: Stage) -> None:
    await stage.hold()
    answers = await _try_everything(stage, "robin", random.Random(1))
    inside = sum(status not in {401, 403} for status in answers.values())
    assert inside > 0.8 * len(answers) > 80, "most of it was tried behind the guards"
    assert not {call: status for call, status in answers.items() if status >= 500}


async def test_no_route_fails_on_a_wrong_form_of_a_stranger(stage: Stage) -> None:
    answers = await _try_everything(stage, None, random.Random(3))
    assert not {call: status for call, status in answers.items() if status >= 500}


@pytest.mark.parametrize(
    "body",
    [b"csrf=%ff", b"\xff\xfe", b"&".join(b"a%d=1" % n for n in range(10_000)), b"a=" + b"x" * 100_000, b"", b"&&==&"],
)
async def test_broken_bodies_are_refused_plainly(stage: Stage, body: bytes) -> None:
    async with stage.log_in("robin") as client:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        for path in ("/login", "/stay", "/join"):
            assert (await client.post(path, content=body, headers=headers)).status_code in {400, 403, 404, 405, 413}
