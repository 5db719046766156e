"""Each program's rights in the stores, asked of a real server (architecture §2)."""

from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, ConnectionError, NoPermissionError, ResponseError

from app.stack import Stack
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS
from app.world import SystemClock
from hotline.shifts import Shift
from storage import inbox, seals
from storage.accounts import Account, Lock, Passkey, StoreAccounts
from storage.connection import Store
from storage.contacts import StoreContacts
from storage.data_map import DATA_MAP
from storage.page_links import PageLinks
from storage.page_queue import Alert, PageQueue
from storage.presence import Presence
from storage.shifts import StoreShifts
from vault.keyring import Keyring, ServerKey


@pytest.fixture
async def stack(tmp_path):
    async with Stack(tmp_path, programs=set()) as stack:
        yield stack


@pytest.fixture
async def ask(stack):
    clients = {}

    async def ask(instance, program, *command):
        url = stack.store_url(program) if instance == "store" else stack.keys_url(program)
        client = clients.setdefault(url, Redis.from_url(url))
        return await client.execute_command(*command)

    yield ask
    for client in clients.values():
        await client.aclose()


def _key_of(stored):
    return stored.pattern.replace("*", "00aa")


async def _may(ask, instance, program, *command):
    try:
        await ask(instance, program, *command)
    except NoPermissionError:
        return False
    except ResponseError as error:  # refused inside a script, or let in and wrong for another reason
        return "ACL" not in str(error)
    return True


async def test_webhooks_put_messages_in_and_can_read_nothing_back(ask):
    script = inbox._PUT
    assert (
        await ask("store", "webhooks", "EVAL", script, 2, "seen:1", "inbox:3", "60", "lane", "message", "sealed") == 1
    )
    assert (
        await ask("store", "webhooks", "EVAL", script, 2, "seen:1", "inbox:3", "60", "lane", "message", "sealed") == 0
    )
    for command in (
        ("XRANGE", "inbox:3", "-", "+"), ("XREAD", "STREAMS", "inbox:3", "0"), ("XDEL", "inbox:3", "0-1"),
        ("XTRIM", "inbox:3", "MAXLEN", "0"), ("DEL", "inbox:3"), ("SET", "inbox:3", "x"),
        ("RENAME", "inbox:3", "seen:1"), ("GET", "conversation:1"), ("SET", "account:mallory", "x"),
        ("XADD", "outbox:3", "*", "a", "b"),
        ("EVAL", "return redis.call('XRANGE', KEYS[1], '-', '+')", 1, "inbox:3"),
        ("EVAL", "return redis.call('GET', 'conversation:1')", 0),
    ):  # fmt: skip
        assert not await _may(ask, "store", "webhooks", *command), command


OPERATORS = (
    "FLUSHALL", "KEYS *", "CONFIG GET *", "SHUTDOWN", "ACL LIST", "MONITOR", "SAVE", "REPLICAOF NO ONE",
    "MODULE LIST", "CLIENT LIST", "CONFIG SET appendfsync no", "CLIENT KILL ID 1",
)  # fmt: skip


async def test_no_program_may_do_what_only_an_operator_does(ask):
    for program in ("webhooks", "worker", "console", "staff"):
        for command in OPERATORS:
            assert not await _may(ask, "store", program, *command.split()), (program, command)


async def test_webhooks_see_the_public_half_alone_of_the_keys_instance(ask):
    await ask("keys", "worker", "SET", "inbox-public", "half")
    assert await ask("keys", "webhooks", "GET", "inbox-public") == b"half"
    for command in (
        ("GET", "inbox-key:1"),
        ("GET", "content-key:1"),
        ("SET", "inbox-public", "mine"),
        ("DEL", "inbox-public"),
    ):
        assert not await _may(ask, "keys", "webhooks", *command)


async def test_the_console_reads_no_key_that_opens_and_hands_on_wraps(ask):
    """P2: what it may read is sealed to readers, or public."""
    assert await _may(ask, "keys", "console", "HGETALL", "wraps:1")
    assert await _may(ask, "keys", "console", "EVAL", seals._PUT, 1, "wraps:1", "e|luz", "wrap")
    for command in (
        ("GET", "content-key:1"),
        ("HGETALL", "epoch:1"),
        ("HSET", "epoch:1", "public", "mine"),
        ("DEL", "wraps:1"),
        ("EXPIRE", "wraps:1", 1),
        ("SET", "inbox-public", "mine"),
        ("EVAL", "return redis.call('GET', 'content-key:1')", 0),
        ("DEL", "content-key:1"),
        ("SET", "content-key:1", "x"),
        ("GET", "inbox-key:1"),
        ("EXPIRE", "content-key:1", 1),
    ):
        assert not await _may(ask, "keys", "console", *command)


async def test_halves_and_challenges_are_the_consoles_alone(ask):
    for key in ("half:1", "challenge:1"):
        assert await _may(ask, "keys", "console", "SET", key, "x")
        for program in ("webhooks", "worker"):
            for command in (("GET", key), ("SET", key, "x"), ("DEL", key)):
                assert not await _may(ask, "keys", program, *command), (program, command)


async def test_the_console_can_do_its_whole_work(stack):
    store, keys = Store(stack.store_url("console")), Store(stack.keys_url("console"))
    accounts = StoreAccounts(store, keys, Keyring([ServerKey(b"test", bytes(32))]))
    presence = Presence(store, SystemClock())
    await accounts.put(Account("a", "a", "hash"))
    login = await accounts.create_login("a")
    await accounts.touch_login(login)
    await accounts.make_half(login)
    assert await accounts.find_half(login)
    await accounts.put_challenge("asker", "login", "challenge")
    assert await accounts.take_challenge("asker", "login") == "challenge"
    await accounts.put_reader_key("a", bytes(32), [Lock("1", "password", "", "")])
    await accounts.add_passkey(Passkey("1", "a", b"public", 0, "", ""))
    assert await accounts.claim_code("a", 1)
    await accounts.list_logins("a")
    assert (await accounts.find_login(login)).alias == "a"
    await accounts.count_failure("a", "peer")
    await accounts.clear_failures("a", "peer")
    await accounts.end_login(login)
    await presence.set_present("a", 30)
    assert await presence.anyone()
    for command in (
        ("SMEMBERS", "open"), ("HGETALL", "conversation:1"), ("LRANGE", "window:1", 0, -1), ("HGETALL", "status:1"),
        ("GET", "result:1"), ("ZADD", "deadlines:1", "XX", 1, "lease"), ("XREVRANGE", "events", "+", "-", "COUNT", 1),
        ("XREAD", "BLOCK", 1, "STREAMS", "events", "0-0"), ("XLEN", "dead"),
    ):  # fmt: skip
        await store.call(*command)
    contacts = StoreContacts(store, Keyring([ServerKey(b"test", bytes(32))]))
    way = await contacts.add("a", "sms", "+17025550142", SystemClock().now(), proved=False)
    await contacts.create_proof(way)
    assert await contacts.prove("a", way.id, await contacts.read_proof("a", way.id))
    await contacts.remove("a", way.id)
    await StoreShifts(store).add([Shift("", "a", "on_call", way.added_at, way.added_at)], way.added_at)
    assert await PageLinks(store).find(await PageLinks(store).create("a")) == "a"
    queue = PageQueue(store)
    await queue.ask("test", "a")
    await queue.set_alert(Alert(way.added_at, ""))
    await queue.clear_alert()
    put = store.script(inbox._PUT)
    assert await put.run(["seen:", "inbox:3"], ["", "lane", "command", b"sealed"]) == 1
    await accounts.end_logins("a")
    await store.aclose()
    await keys.aclose()


async def test_the_console_asks_for_pages_and_can_read_or_take_back_none(ask):
    assert await _may(ask, "store", "console", "XADD", "pages:1", "*", "a", "b")
    for command in (("XRANGE", "pages:1", "-", "+"), ("XTRIM", "pages:1", "MAXLEN", "0"), ("DEL", "paged:1")):
        assert not await _may(ask, "store", "console", *command), command
    for program in ("webhooks", "staff"):
        assert not await _may(ask, "store", program, "HGETALL", "contacts:a")
        assert not await _may(ask, "store", program, "XADD", "pages:1", "*", "a", "b")


async def test_the_staff_command_can_make_an_account(stack):
    store = Store(stack.store_url("staff"))
    accounts = StoreAccounts(store)
    await accounts.put(Account("ada", "ada", "hash"))
    await accounts.create_login("ada")
    await accounts.add_passkey(Passkey("1", "ada", b"public", 0, "", ""))
    await accounts.put_reader_key("ada", bytes(32), [Lock("1", "password", "", "")])
    await accounts.reset("ada")
    token = await accounts.create_invitation("ada", ("advocate",), "en", "command line")
    assert await accounts.take_invitation(token)
    assert [account.name for account in await accounts.list_all()] == ["ada"]
    await store.aclose()


async def test_the_console_changes_no_conversation_by_itself(ask):
    for stored in DATA_MAP:
        if stored.instance == "store":
            mine = stored.pattern in {
                "present",
                "resting",
                "clocks",
                "referrals:*",
                "flags",
                "print-batches",
                "staff-word:*",
                "account:*",
                "accounts",
                "readers",
                "locks:*",
                "passkey:*",
                "passkeys:*",
                "invitation:*",
                "used-code:*",
                "login:*",
                "logins:*",
                "failures:*",
                "result:*",
                "handled:*",
                "shifts",
                "contacts:*",
                "pageable",
                "contact-trouble:*",
                "contact-proof:*",
                "contact-tries:*",
                "contact-link:*",
                "page-alert",
            }
            assert await _may(ask, "store", "console", "DEL", _key_of(stored)) == mine, stored.pattern


async def test_the_console_reads_counts_and_adds_to_none_o4(ask):
    assert await _may(ask, "store", "console", "HGETALL", "tallies:2026")
    for command in (("HINCRBY", "tallies:2026", "level|high", "-1"), ("HSET", "tallies:2026", "a", "1")):
        assert not await _may(ask, "store", "console", *command), command
    for program in ("webhooks", "staff"):
        assert not await _may(ask, "store", program, "HGETALL", "tallies:2026"), program


async def test_staff_commands_reach_accounts_and_nothing_of_texters(ask):
    assert await _may(ask, "store", "staff", "HSET", "account:1", "alias", "x")
    for pattern in ("conversation:1", "window:1", "inbox:1", "outbox:1", "address:1"):
        assert not await _may(ask, "store", "staff", "GET", pattern)


async def test_the_worker_may_use_every_key_of_the_data_map_but_halves_of_keys(ask):
    for stored in DATA_MAP:
        if stored.pattern in {"half:*", "challenge:*"}:
            continue
        assert await _may(ask, stored.instance, "worker", "TYPE", _key_of(stored)), stored.pattern
        assert await _may(ask, stored.instance, "worker", "DEL", _key_of(stored)), stored.pattern


async def test_the_supervisor_may_ask_whether_it_answers_and_nothing_else(stack):
    for instance in stack.plan.stores:
        client = Redis.from_url(instance.url("supervisor"))
        assert await client.execute_command("PING")
        with pytest.raises(NoPermissionError):
            await client.execute_command("GET", "open")
        await client.aclose()


async def test_nobody_comes_in_without_a_password(stack):
    for instance in stack.plan.stores:
        client = Redis.from_url(f"unix://{instance.socket}")
        with pytest.raises((AuthenticationError, ConnectionError)):
            await client.execute_command("PING")
        await client.aclose()


async def test_passwords_are_in_no_file_of_the_store(stack):
    for instance in stack.plan.stores:
        for path in Path(stack.folder).rglob("*"):
            if path.is_file() and "_URL" not in path.name:
                text = path.read_bytes().decode("utf-8", "replace")
                assert not [user for user, password in instance.passwords.items() if password in text], path


async def test_every_write_is_on_disk_before_it_is_answered(stack):
    """P1, stack facts §1: ``everysec`` lost acknowledged messages on a plain kill -9."""
    store, keys = (dict(zip(plan.command[1::2], plan.command[2::2], strict=True)) for plan in stack.plan.store_plans())
    assert (store["--appendonly"], store["--appendfsync"], store["--save"]) == ("yes", "always", "")
    assert (keys["--appendonly"], keys["--save"]) == ("no", "")
    assert {store["--port"], keys["--port"]} == {"0"}


def test_every_program_with_a_store_has_rights_and_no_other():
    assert set(STORE_RIGHTS) == {
        "webhooks",
        "worker",
        "console",
        "actions",
        "read_api",
        "staff",
        "operator",
        "supervisor",
    }
    assert set(KEYS_RIGHTS) == {"webhooks", "worker", "console", "operator", "supervisor"}
