import asyncio
import stat
import time
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.network import Bind
from app.settings import SettingsError
from app.stack import FolderInUse, Stack
from app.supervised import StartFailed, answers_ok
from tests.app.standins import STANDINS, is_alive, processes_mentioning


def make_stack(folder, **more):
    return Stack(folder, catalog=STANDINS, free_ports=True, **more)


async def test_everything_starts_answers_and_leaves_no_process_behind(tmp_path):
    lines = []
    async with make_stack(tmp_path, say=lines.append, extra={"worker": {"STANDIN_GRANDCHILD": "1"}}) as stack:
        names = ["store", "keys", "webhooks", "worker", "phone", "console", "actions", "rasa"]
        pids = [pid for name in names for pid in stack.pids(name)]
        assert len(pids) == 9  # rasa is two processes
        assert all(is_alive(pid) for pid in pids)
        sleepers = [pid for pid in processes_mentioning("STANDIN_GRANDCHILD=1") if pid not in pids]
        assert sleepers
    assert not [pid for pid in [*pids, *sleepers] if is_alive(pid)]
    assert not processes_mentioning(str(tmp_path))
    crisis = next(i for i, line in enumerate(lines) if "crisis path" in line)
    assert {"webhooks is ready", "worker is ready"} <= {line.partition(" (")[0] for line in lines[:crisis]}
    assert not any("rasa is ready" in line for line in lines[:crisis])


async def test_a_subset_starts_only_itself_on_its_own_ports(tmp_path):
    async with make_stack(tmp_path, programs={"webhooks", "phone"}) as stack:
        with pytest.raises(KeyError):
            stack.pids("worker")
        assert stack.url("webhooks") == stack.settings.public_url
        assert stack.settings.twilio_api_url == stack.url("phone") + "/twilio"
        assert stack.url("rasa-2") == stack.settings.rasa_urls[1]


async def test_a_killed_program_is_started_again(tmp_path):
    lines = []
    async with make_stack(tmp_path, programs={"worker"}, say=lines.append) as stack:
        (before,) = stack.pids("worker")
        await stack.kill("worker")
        await stack.wait_ready("worker")
        assert stack.pids("worker") != [before]
        assert stack.restarts("worker") == 1
        assert "worker ended (SIGKILL); starting it again" in lines


async def test_a_stopped_program_stays_stopped_until_it_is_started(tmp_path):
    async with make_stack(tmp_path, programs={"rasa"}) as stack:
        await stack.stop("rasa")
        await asyncio.sleep(0.4)
        assert stack.pids("rasa") == []
        await stack.start("rasa-2")
        assert len(stack.pids("rasa")) == 1


async def test_a_paused_program_answers_again_when_it_is_resumed_and_can_be_stopped_while_paused(tmp_path):
    async with make_stack(tmp_path, programs={"webhooks"}) as stack:
        bind = stack.settings.webhooks_bind
        stack.pause("webhooks")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                while not await answers_ok(bind, "/readyz"):
                    await asyncio.sleep(0.05)
        stack.resume("webhooks")
        assert await answers_ok(bind, "/readyz")
        stack.pause("webhooks")
        pids = stack.pids("webhooks")
    assert not is_alive(pids[0])


async def test_the_store_comes_back_with_what_it_had_and_the_keys_instance_with_nothing(tmp_path):
    """P3: the store is durable, the content keys live in memory alone."""
    async with make_stack(tmp_path, programs=set()) as stack:
        store, keys = Redis.from_url(stack.store_url()), Redis.from_url(stack.keys_url())
        await store.execute_command("SET", "conversation:1", "kept")
        await keys.execute_command("SET", "content-key:1", "gone")
        for name in ("store", "keys"):
            await stack.kill(name)
            await stack.wait_ready(name)
        await store.connection_pool.disconnect()
        await keys.connection_pool.disconnect()
        assert await store.execute_command("GET", "conversation:1") == b"kept"
        assert await keys.execute_command("GET", "content-key:1") is None
        await store.aclose()
        await keys.aclose()
        assert not [path for path in (stack.folder / "data" / "keys").iterdir() if path.name != "pid"]


async def test_a_program_that_refuses_to_start_ends_the_start_with_its_last_words_and_no_orphan(tmp_path):
    with pytest.raises(StartFailed) as failed:
        async with make_stack(
            tmp_path, programs={"webhooks", "worker"}, extra={"worker": {"STANDIN_REFUSES": "no key"}}
        ):
            pass
    assert "worker ended before it was ready (exit 1)" in str(failed.value)
    assert "no key" in str(failed.value)
    assert not processes_mentioning(str(tmp_path))


async def test_settings_with_a_mistake_start_nothing_at_all(tmp_path):
    """X3: live without its secrets says everything that is missing."""
    with pytest.raises(SettingsError) as refused:
        async with make_stack(tmp_path, environ={"PORCHLIGHT_MODE": "live"}, programs={"webhooks"}):
            pass
    assert "TWILIO_AUTH_TOKEN" in str(refused.value)
    assert not processes_mentioning(str(tmp_path))


async def test_a_second_stack_on_the_same_folder_is_refused(tmp_path):
    async with make_stack(tmp_path, programs=set()):
        with pytest.raises(FolderInUse):
            async with make_stack(tmp_path, programs=set()):
                pass
    async with make_stack(tmp_path, programs=set()):
        pass


async def test_a_server_that_an_earlier_supervisor_left_behind_is_ended_and_its_data_kept(tmp_path):
    async with make_stack(tmp_path, programs=set()) as stack:
        (command,) = [plan.command for plan in stack.plan.store_plans() if plan.name == "store"]
        store = Redis.from_url(stack.store_url())
        await store.execute_command("SET", "conversation:1", "kept")
        await store.aclose()
        await stack.stop("store")
        command[command.index("--aclfile") + 1] = "/dev/null"
        leftover = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        while not Path(tmp_path, "data/store/pid").exists():
            await asyncio.sleep(0.02)
    async with make_stack(tmp_path, programs=set()) as stack:
        await asyncio.wait_for(leftover.wait(), 5)
        store = Redis.from_url(stack.store_url())
        assert await store.execute_command("GET", "conversation:1") == b"kept"
        await store.aclose()


async def test_no_secret_is_on_a_command_line_or_in_an_environment(tmp_path):
    """P1, X3: secrets go by files of mode 0600 in a folder of mode 0700, and go away with the stack."""
    async with make_stack(tmp_path) as stack:
        settings = stack.settings
        secrets = [settings.twilio_auth_token, settings.telegram_bot_token, settings.rasa_token]
        texts = [secret.reveal() for secret in secrets]
        texts += [stack.store_url(name).split(":")[2].split("@")[0] for name in ("webhooks", "worker", "console")]
        for text in texts:
            assert processes_mentioning(text) == []
        for path in (tmp_path / "run").rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
        for path in (tmp_path / "data", tmp_path / "keys", tmp_path / "logs"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
        assert stat.S_IMODE((tmp_path / "keys/server.key").stat().st_mode) == 0o600
    assert not (tmp_path / "run").exists()
    assert not any(text in path.read_text() for path in (tmp_path / "logs").iterdir() for text in texts)


async def test_each_program_gets_its_own_secrets_and_no_other(tmp_path):
    async with make_stack(tmp_path, programs={"webhooks"}) as stack:
        webhooks, actions = stack.env("webhooks"), stack.env("actions")
        assert not {"PORCHLIGHT_KEY_FILE", "TELEGRAM_BOT_TOKEN_FILE", "PORCHLIGHT_RASA_TOKEN_FILE"} & set(webhooks)
        assert "TWILIO_AUTH_TOKEN_FILE" in webhooks
        assert not [
            name for name in actions if name.startswith(("TWILIO", "TELEGRAM", "PORCHLIGHT_RE", "PORCHLIGHT_KEY"))
        ]


async def test_children_write_no_core_dumps(tmp_path):
    async with make_stack(tmp_path, programs={"worker"}) as stack:
        for name in ("store", "keys", "worker"):
            limits = Path(f"/proc/{stack.pids(name)[0]}/limits").read_text()
            line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
            assert line.split()[4:6] == ["0", "0"]


async def test_several_workers_listen_on_ports_of_their_own(tmp_path):
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_WORKERS": "3"}
    async with make_stack(tmp_path, environ=environ, programs={"worker"}) as stack:
        assert len(stack.pids("worker")) == 3
        assert len({stack.url(name) for name in ("worker", "worker-2", "worker-3")}) == 3
        (before,) = stack.pids("worker-2")
        await stack.kill("worker-2")
        await stack.wait_ready("worker-2")
        assert stack.pids("worker-2") != [before]


async def test_prepare_gets_the_staff_settings_and_the_login_after_the_crisis_path_answers(tmp_path):
    seen = []

    async def prepare(settings, login):
        seen.append((settings.redis_url.reveal(), login.alias, len(login.password)))
        assert await answers_ok(Bind("127.0.0.1", stack.settings.webhooks_bind.port), "/readyz")

    stack = make_stack(tmp_path, programs={"webhooks", "worker"}, prepare=prepare)
    async with stack:
        assert seen == [(stack.store_url("staff"), "advocate", 12)]


async def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(tmp_path):
    folder = tmp_path / ("long" * 25)
    async with make_stack(folder, programs=set()) as stack:
        sockets = stack.plan.stores[0].socket.parent
        assert sockets != folder / "data"
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not sockets.exists()


async def test_a_program_that_keeps_dying_is_started_ever_more_slowly(tmp_path):
    async with make_stack(tmp_path, programs={"worker"}) as stack:
        (process,) = stack._select("worker")
        began = time.monotonic()
        for _ in range(3):
            await stack.wait_ready("worker")
            await stack.kill("worker")
        await stack.wait_ready("worker")
        assert time.monotonic() - began >= 0.1 + 0.2 + 0.4
        assert process.restarts == 3
