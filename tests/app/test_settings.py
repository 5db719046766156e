import copy
import dataclasses
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.network import Bind, is_loopback_url, parse_bind
from app.secret import Secret
from app.setting import PROGRAMS
from app.settings import ALL, NOT_GIVEN, Settings, SettingsError, load_settings, settings_page, settings_rows
from app.settings_table import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
PRINTED = "s3cret-value-that-must-not-print"


@pytest.fixture
def keys(tmp_path):
    files = {}
    for name in ("PORCHLIGHT_KEY_FILE", "PORCHLIGHT_ADDRESS_KEY_FILE", "PORCHLIGHT_STAFF_KEY_FILE"):
        files[name] = str(tmp_path / "keys" / name.lower())
        Path(files[name]).parent.mkdir(exist_ok=True)
        Path(files[name]).touch(0o600)
    return files


@pytest.fixture
def live(keys, tmp_path):
    """Everything that a live installation sets."""
    return {
        "PORCHLIGHT_MODE": "live", "PORCHLIGHT_DATA": str(tmp_path / "data"),
        "PORCHLIGHT_SPOOL": str(tmp_path / "spool"),
        "PORCHLIGHT_REDIS_URL": "unix://worker:pw@/run/porchlight/store.sock",
        "PORCHLIGHT_KEYS_URL": "unix://worker:pw@/run/porchlight/keys.sock",
        "PORCHLIGHT_CONTENT_URL": "unix://actions:pw@/run/porchlight/store.sock",
        "PORCHLIGHT_PUBLIC_URL": "https://hotline.example.org", "PORCHLIGHT_CONSOLE_URL": "https://console.example.org",
        "PORCHLIGHT_HOTLINE_NAME": "Example Line",
        "PORCHLIGHT_RASA_TOKEN": "r" * 32, "PORCHLIGHT_ACTIONS_TOKEN": "a" * 32,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": PRINTED, "TWILIO_FROM": "+17025550100",
        "TELEGRAM_BOT_TOKEN": "1:" + PRINTED, "TELEGRAM_WEBHOOK_SECRET": PRINTED, **keys,
    }  # fmt: skip


@pytest.fixture
def practice(live):
    away = ("PORCHLIGHT_PUBLIC_URL", "PORCHLIGHT_CONSOLE_URL", "PORCHLIGHT_HOTLINE_NAME")
    return {name: value for name, value in live.items() if name not in away} | {"PORCHLIGHT_MODE": "practice"}


def refusal(environ, program):
    with pytest.raises(SettingsError) as refused:
        load_settings(environ, program)
    return str(refused.value)


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "phone"])
def test_a_complete_live_environment_starts_every_program(live, program):
    assert load_settings(live, program).mode == "live"


@pytest.mark.parametrize("program", PROGRAMS)
def test_practice_needs_no_urls_and_no_name(practice, program):
    assert load_settings(practice, program).mode == "practice"


def test_there_is_no_default_mode(live):
    """X3."""
    del live["PORCHLIGHT_MODE"]
    assert "PORCHLIGHT_MODE is not set" in refusal(live, "worker")
    assert "practice or live" in refusal({"PORCHLIGHT_MODE": "test"}, ALL)


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "phone"])
def test_live_without_any_one_needed_setting_refuses_and_names_it(live, program):
    """X3: no secret configured means no start."""
    for setting in SETTINGS.values():
        if program in setting.programs and setting.needed != "no":
            less = {name: value for name, value in live.items() if name != setting.name}
            assert setting.name in refusal(less, program)


def test_every_problem_is_told_at_once(live):
    less = {"PORCHLIGHT_MODE": "live", "PORCHLIGHT_WORKER_BIND": "nonsense"}
    text = refusal(less, "worker")
    for name in ("PORCHLIGHT_WORKER_BIND", "TWILIO_AUTH_TOKEN", "PORCHLIGHT_KEY_FILE", "PORCHLIGHT_REDIS_URL"):
        assert name in text
    assert "porchlight keys init" in text
    assert len(text.splitlines()) > 8


def test_a_program_gets_only_its_own_secrets(live):
    """Architecture §2: webhooks know what verifies and hashes, nothing that opens or sends."""
    webhooks = load_settings(live, "webhooks")
    assert webhooks.twilio_auth_token and webhooks.telegram_webhook_secret and webhooks.address_key_file.exists()
    assert not webhooks.telegram_bot_token and not webhooks.rasa_token
    assert webhooks.key_file == NOT_GIVEN
    with pytest.raises(LookupError):
        webhooks.telegram_bot_token.reveal()
    actions = load_settings(live, "actions")
    assert actions.actions_token and not actions.redis_url and not actions.twilio_auth_token


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p != "phone"])
def test_another_programs_file_is_not_even_read(live, program):
    for setting in SETTINGS.values():
        if setting.secret and program not in setting.programs:
            live[f"{setting.name}_FILE"] = "/nonexistent"
            live.pop(setting.name, None)
    load_settings(live, program)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORCHLIGHT_WEBHOOKS_BIND", "0.0.0.0:8080"),
        ("PORCHLIGHT_WORKER_BIND", "10.0.0.5:9181"),
        ("PORCHLIGHT_CONSOLE_BIND", "[::]:8081"),
        ("PORCHLIGHT_PHONE_BIND", "192.168.1.1:8082"),
        ("PORCHLIGHT_PUBLIC_URL", "https://hotline.example.org"),
        ("PORCHLIGHT_CONSOLE_URL", "https://console.example.org"),
        ("TWILIO_API_URL", "https://api.twilio.com"),
        ("TELEGRAM_API_URL", "https://api.telegram.org"),
        ("PORCHLIGHT_REDIS_URL", "rediss://store.example.org"),
        ("PORCHLIGHT_RASA_URLS", "http://127.0.0.1:8090,http://rasa.example.org:8090"),
        ("TWILIO_API_URL", "http://127.0.0.1.example.org"),
        ("TWILIO_API_URL", "http://localhost.example.org"),
    ],
)
def test_practice_refuses_whatever_reaches_beyond_this_machine(practice, name, value):
    """X3."""
    assert name in refusal(practice | {name: value}, ALL)


def test_practice_accepts_an_emulator_of_somebody_elses_on_loopback(practice):
    """Architecture §5."""
    for url in ("http://127.0.0.1:9999/tw", "http://localhost:9999", "http://[::1]:9999"):
        assert load_settings(practice | {"TWILIO_API_URL": url}, "worker").twilio_api_url == url


@pytest.mark.parametrize(
    ("name", "value", "program"),
    [
        ("PORCHLIGHT_PUBLIC_URL", "http://hotline.example.org", "webhooks"),
        ("PORCHLIGHT_CONSOLE_URL", "http://console.example.org", "console"),
        ("TWILIO_API_URL", "http://api.example.org", "worker"),
        ("PORCHLIGHT_RASA_URLS", "http://10.0.0.9:8090", "worker"),
        ("PORCHLIGHT_REDIS_URL", "redis://store.example.org:6379", "worker"),
        ("PORCHLIGHT_ACTIONS_BIND", "0.0.0.0:8084", "actions"),
    ],
)
def test_live_refuses_a_hop_that_others_can_read(live, name, value, program):
    assert name in refusal(live | {name: value}, program)


def test_live_on_loopback_may_use_plain_http_for_the_walk_through(live):
    urls = {"PORCHLIGHT_PUBLIC_URL": "http://127.0.0.1:8080", "TWILIO_API_URL": "http://127.0.0.1:8082/twilio"}
    assert load_settings(live | urls, "worker").public_url == "http://127.0.0.1:8080"


def test_the_phone_never_starts_in_live_mode(live):
    assert "practice mode alone" in refusal(live, "phone")


def test_somebody_must_be_the_sender(live):
    del live["TWILIO_FROM"]
    assert "TWILIO_MESSAGING_SERVICE_SID" in refusal(live, "worker")
    live["TWILIO_MESSAGING_SERVICE_SID"] = "MG" + "0" * 32
    assert load_settings(live, "worker").twilio_messaging_service_sid.startswith("MG")


def test_a_secret_may_come_as_a_file_and_loses_its_line_end(live, tmp_path):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text("from-a-file\n")
    del live["TWILIO_AUTH_TOKEN"]
    live["TWILIO_AUTH_TOKEN_FILE"] = str(path)
    assert load_settings(live, "worker").twilio_auth_token.reveal() == "from-a-file"
    live["TWILIO_AUTH_TOKEN"] = "also here"
    assert "keep one" in refusal(live, "worker")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_secret_or_key_file_that_others_can_open_is_refused(live, tmp_path, mode):
    path = tmp_path / "token"
    path.write_text("x" * 40)
    path.chmod(mode)
    environ = {**live, "TELEGRAM_BOT_TOKEN_FILE": str(path)}
    del environ["TELEGRAM_BOT_TOKEN"]
    assert "TELEGRAM_BOT_TOKEN_FILE is open to others" in refusal(environ, "worker")
    Path(live["PORCHLIGHT_KEY_FILE"]).chmod(mode)
    assert "PORCHLIGHT_KEY_FILE is open to others" in refusal(live, "worker")


def test_a_missing_or_empty_file_is_told_without_its_path(live, tmp_path):
    del live["TELEGRAM_BOT_TOKEN"]
    environ = live | {"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "away")}
    text = refusal(environ, "worker")
    assert "TELEGRAM_BOT_TOKEN_FILE cannot be read" in text
    assert len(text.splitlines()) == 2
    Path(tmp_path / "away").touch(0o600)
    assert "TELEGRAM_BOT_TOKEN_FILE is empty" in refusal(environ, "worker")


def test_keys_in_the_data_folder_are_refused(live, tmp_path):
    """P9, also by way of a link."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "server.key").touch(0o600)
    assert "PORCHLIGHT_KEY_FILE lies inside" in refusal(
        live | {"PORCHLIGHT_KEY_FILE": str(data / "server.key")}, "worker"
    )
    (tmp_path / "link").symlink_to(data)
    link = str(tmp_path / "link" / "server.key")
    assert "PORCHLIGHT_KEY_FILE lies inside" in refusal(live | {"PORCHLIGHT_KEY_FILE": link}, "worker")


def test_live_without_its_keys_says_how_to_make_them(live):
    """P9."""
    Path(live["PORCHLIGHT_KEY_FILE"]).unlink()
    assert "porchlight keys init" in refusal(live, "worker")


def _printed(secret):
    return [repr(secret), str(secret), f"{secret}", f"{secret:>40}", f"{secret!r}", repr([secret]), repr({"a": secret})]


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_secret_shows_in_no_way_of_printing(text, other):
    secret = Secret(text, "TWILIO_AUTH_TOKEN")
    assert secret.reveal() == text
    assert _printed(secret) == _printed(Secret(other, "TELEGRAM_BOT_TOKEN"))
    for copier in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            copier(secret)
    assert not hasattr(secret, "__dict__")


def test_settings_and_refusals_print_no_secret(live):
    assert PRINTED not in repr(load_settings(live, "worker"))
    broken = live | {
        "PORCHLIGHT_WORKER_BIND": PRINTED,
        "TWILIO_AUTH_TOKEN": PRINTED + "\n",
        "PORCHLIGHT_KEYS_URL": PRINTED,
    }
    assert PRINTED not in refusal(broken, "worker")


def test_settings_cannot_be_changed(live):
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings(live, "worker").mode = "practice"


def test_the_table_and_the_value_have_the_same_names():
    assert [field.name for field in dataclasses.fields(Settings)] == list(SETTINGS)
    assert all(set(setting.programs) <= set(PROGRAMS) for setting in SETTINGS.values())
    secrets = {name for name, setting in SETTINGS.items() if setting.secret}
    assert secrets == {field.name for field in dataclasses.fields(Settings) if field.type is Secret}


def test_the_deployment_guide_shows_the_very_table():
    guide = (ROOT / "docs/deployment.md").read_text("utf-8")
    assert settings_page() in guide
    assert len(list(settings_rows())) == len(SETTINGS)


@given(st.text(max_size=30))
def test_a_bind_is_parsed_or_refused_and_prints_as_it_was(text):
    try:
        bind = parse_bind(text)
    except ValueError:
        return
    assert parse_bind(str(bind)) == bind
    assert bind.url == f"http://{bind}"


def test_loopback_is_a_matter_of_addresses_not_of_spelling():
    near = ("http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]", "http://localhost", "unix:///run/store.sock")
    far = ("http://127.0.0.1.example.org", "http://0.0.0.0", "http://example.org", "redis://10.0.0.1")
    assert all(map(is_loopback_url, near))
    assert not any(map(is_loopback_url, far))
    assert not Bind("0.0.0.0", 80).is_loopback()


def test_a_name_that_would_make_replies_too_long_is_refused(live):
    live["PORCHLIGHT_HOTLINE_NAME"] = "The Very Long Name Of A Hotline"
    assert "24 are the most" in refusal(live, "worker")
    live["PORCHLIGHT_HOTLINE_NAME"] = "x" * 24
    assert load_settings(live, "worker").hotline_name == "x" * 24
