"""The practice phone starts in practice mode only and faces this machine only (X3)."""

import os
import socket
import subprocess
import sys

import pytest

from phone.errors import SettingsError
from phone.settings import load_settings
from tests.phone.stage import environment, free_port


def test_practice_settings_are_read():
    settings = load_settings(environment(8082, 8080))
    assert (settings.host, settings.port) == ("127.0.0.1", 8082)
    assert settings.public_url == "https://hotline.example"


@pytest.mark.parametrize("mode", ["live", "", "Practice"])
def test_any_other_mode_is_refused_x3(mode):
    with pytest.raises(SettingsError, match="practice"):
        load_settings(environment(8082, 8080, PORCHLIGHT_MODE=mode))


@pytest.mark.parametrize("bind", ["0.0.0.0:8082", "192.0.2.1:8082", "[::]:8082", "127.0.0.1", "127.0.0.1:99999"])
def test_a_bind_beyond_loopback_is_refused_x3(bind):
    with pytest.raises(SettingsError, match="PHONE_BIND"):
        load_settings(environment(8082, 8080, PORCHLIGHT_PHONE_BIND=bind))


@pytest.mark.parametrize("name", ["PORCHLIGHT_PHONE_DELIVER_URL", "PORCHLIGHT_WORKER_URL"])
@pytest.mark.parametrize(
    "url",
    ["https://hotline.example", "http://127.0.0.1.hotline.example", "http://user@127.0.0.1", "ftp://127.0.0.1", ""],
)
def test_a_url_beyond_loopback_is_refused_x3(name, url):
    with pytest.raises(SettingsError, match="loopback"):
        load_settings(environment(8082, 8080, **{name: url}))


def test_a_public_url_beyond_loopback_needs_a_loopback_delivery_url_x3():
    given = environment(8082, 8080)
    del given["PORCHLIGHT_PHONE_DELIVER_URL"]
    with pytest.raises(SettingsError, match="loopback"):
        load_settings(given)


@pytest.mark.parametrize(
    "name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"]
)
def test_a_missing_secret_is_refused_x3(name):
    with pytest.raises(SettingsError, match=name):
        load_settings(environment(8082, 8080, **{name: ""}))


def test_a_secret_may_come_from_a_file_and_is_not_shown(tmp_path):
    path = tmp_path / "token"
    path.write_text("from-a-file\n")
    settings = load_settings(environment(8082, 8080, TWILIO_AUTH_TOKEN="", TWILIO_AUTH_TOKEN_FILE=str(path)))
    assert settings.auth_token == "from-a-file"
    assert "from-a-file" not in repr(settings)


def test_the_program_refuses_live_mode_with_one_line():
    given = {**os.environ, **environment(8082, 8080, PORCHLIGHT_MODE="live")}
    done = subprocess.run([sys.executable, "-m", "phone"], env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_the_program_says_that_its_port_is_taken():
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        given = {**os.environ, **environment(port, 8080)}
        done = subprocess.run([sys.executable, "-m", "phone"], env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be used" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_program_does_not_load_the_rest_of_the_product_or_twilio_rest():
    script = (
        "import sys, phone.__main__; ours = {'app', 'bot', 'connectors', 'console', 'hotline', 'outreach', 'storage',"
        " 'vault', 'twilio.rest', 'telegram', 'aiohttp', 'jinja2'}; print(sorted(ours & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
