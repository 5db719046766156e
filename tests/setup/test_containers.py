"""The compose file and the image, held against schema, settings table and units: nothing here can run them."""

import json
import re
import socket
from ipaddress import ip_address, ip_network
from pathlib import Path
from threading import Thread

import jsonschema
import pytest
import yaml

from app import health
from app.settings import load_settings
from app.settings_table import SETTINGS
from tests.setup.test_deployment import PROGRAMS, SECRETS, credentials, sample_environ

__all__ = ["credentials"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/compose"
COMPOSE = yaml.safe_load((FOLDER / "compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "proxy"}
RUNS = {name: service for name, service in OURS.items() if name not in {"store", "keys", "inside"}}


def program_of(name: str) -> str:
    return name.partition("-")[0]


def test_the_file_is_what_the_compose_specification_allows() -> None:
    schema = json.loads((ROOT / "tests/setup/schemas/compose-spec.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(COMPOSE)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**COMPOSE, "services": {"x": {"imagee": "y"}}})


@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_service_gives_its_program_all_it_needs_to_start_live_and_no_secret_of_another_x3(
    name: str, credentials: Path
) -> None:
    service, program = RUNS[name], program_of(name)
    environ = sample_environ()
    for setting, value in service["environment"].items():
        text = str(value).replace("/run/secrets", str(credentials))
        environ[setting] = re.sub(r"^/keys/(\w+)/", f"{credentials.parent}/keys/", text)
    assert load_settings(environ, program).mode == "live"
    own = {setting.name for setting in SETTINGS.values() if program in setting.programs}
    for setting, value in service["environment"].items():
        assert setting in own or setting.removesuffix("_FILE") in own, setting
        if str(value).startswith("/run/secrets/"):
            assert Path(value).name in service["secrets"], value
        if str(value).startswith("/keys/"):
            assert f".{Path(value).parent}:{Path(value).parent}:ro" in service["volumes"], value
    assert len(service["secrets"]) == sum(
        str(value).startswith("/run/secrets/") for value in service["environment"].values()
    )
    keys = [volume for volume in service.get("volumes", ()) if volume.startswith("./keys")]
    assert len(keys) == sum(str(value).startswith("/keys/") for value in service["environment"].values())


def test_no_secret_stands_in_an_environment_p1() -> None:
    secret = {setting.name for setting in SETTINGS.values() if setting.secret}
    for name, service in SERVICES.items():
        assert not secret & set(service.get("environment", {})), name
        assert not secret & set(sample_environ())
    files = {Path(named["file"]).name for named in COMPOSE["secrets"].values()}
    assert set(SECRETS) <= files
    assert all(named["file"].startswith("./credentials/") for named in COMPOSE["secrets"].values())
    for folder in ("deploy/compose/credentials", "deploy/compose/keys", ".git", "var"):
        assert folder in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_confined_p1(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"]["core"] == 0, "no core dump"
    assert service["memswap_limit"] == service["mem_limit"], "no swap"
    assert service["restart"] == "always" and (name == "inside" or service["healthcheck"]["test"])
    assert all("noexec" in mount for mount in service["tmpfs"])
    assert not service.get("privileged") and "devices" not in service and "pid" not in service
    assert ":latest" not in service["image"] and ":" in service["image"]
    if name != "proxy":
        assert service["user"] == "10001:10001"


def test_the_dialogue_gets_a_fifth_of_what_a_busy_container_of_the_crisis_path_gets_r9() -> None:
    """Nice counts only inside a container; 1024 shares are what one has without a word."""
    given = {name: service["cpu_shares"] for name, service in SERVICES.items() if "cpu_shares" in service}
    assert given == dict.fromkeys(("rasa", "rasa-2", "actions"), 205)


def test_a_shared_network_belongs_to_a_container_that_never_ends_r9() -> None:
    """Its maker's end takes a network away from all who share it, and every program of ours ends by itself (P1)."""
    shared = {service["network_mode"] for service in SERVICES.values() if "service:" in service.get("network_mode", "")}
    assert shared == {"service:inside"}
    assert SERVICES["inside"]["command"] == ["sleep", "infinity"] and "profiles" not in SERVICES["inside"]


def test_whom_the_proxy_asks_has_the_same_address_after_a_restart() -> None:
    """It looks a name up once: with addresses that change, texts would go to the console or nowhere."""
    asked = ("proxy", "webhooks", "console", "read_api")
    networks = {name: SERVICES[name]["networks"]["front"]["ipv4_address"] for name in asked}
    (config,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    addresses = set(map(ip_address, networks.values()))
    assert len(addresses) == len(asked) and all(address in ip_network(config["subnet"]) for address in addresses)
    in_front = {name for name, service in SERVICES.items() if "front" in service.get("networks", ())}
    assert in_front == set(networks), "one without an address of its own could be given another's"


def test_only_the_proxy_listens_outside_and_only_the_workers_network_may_call_out() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "proxy": ["443:8443"]
    }
    networks = COMPOSE["networks"]
    shut = {name for name, network in networks.items() if network.get("internal")}
    assert shut == {"front", "stores"} and networks["stores"]["internal"] == "${PORCHLIGHT_STORE_HERE:-true}"
    for name, service in OURS.items():
        where = service.get("network_mode") or set(service["networks"])
        if name == "inside":
            assert where == {"outside", "stores"}
        elif name in {"store", "keys"}:
            assert where == "none"
        elif name in {"webhooks", "console", "read_api"}:
            assert where == {"front", "stores"} <= shut
        else:
            assert where == "service:inside", name


def test_content_keys_are_on_no_disk_p3() -> None:
    keys = SERVICES["keys"]
    assert keys["command"][-1] == "/tmp" and keys["tmpfs"][0].startswith("/tmp:")
    assert all(volume.startswith("sockets:") for volume in keys["volumes"])
    assert COMPOSE["volumes"]["sockets"]["driver_opts"]["type"] == "tmpfs"


def test_every_program_and_both_stores_have_a_service_on_the_ports_that_the_settings_name() -> None:
    assert {program_of(name) for name in OURS} == {*PROGRAMS, "store", "keys", "inside"}
    assert {tuple(service["profiles"]) for service in OURS.values() if "profiles" in service} == {
        ("here",), ("more",), ("places",)
    }  # fmt: skip
    asked = {name: service["healthcheck"]["test"][-1] for name, service in RUNS.items()}
    defaults = {name: setting.default for name, setting in SETTINGS.items()}
    assert asked["webhooks"].startswith(f"http://{defaults['webhooks_bind']}/")
    assert asked["worker"].startswith(f"http://{defaults['worker_bind']}/")
    assert asked["console"].startswith(f"http://{defaults['console_metrics_bind']}/")
    assert asked["read_api"].startswith(f"http://{defaults['read_api_metrics_bind']}/")
    assert asked["actions"].startswith(f"http://{defaults['actions_bind']}/")
    assert [asked["rasa"], asked["rasa-2"]] == [f"{url}/" for url in str(defaults["rasa_urls"]).split(",")]
    for name in ("rasa", "rasa-2"):
        assert SERVICES[name]["command"][-1] in asked[name]


def test_the_proxy_is_the_one_of_the_guide_but_for_where_things_are() -> None:
    theirs = (ROOT / "deploy/nginx/porchlight.conf").read_text("utf-8")
    for old, new in (
        ("127.0.0.1:8080", "webhooks:8080"), ("127.0.0.1:8081", "console:8081"),
        ("127.0.0.1:8083", "read_api:8083"), ("listen 443", "listen 8443"),
        ("[::]:443", "[::]:8443"), ("/var/log/nginx/porchlight.log", "/dev/stderr"),
    ):  # fmt: skip
        assert old in theirs
        theirs = theirs.replace(old, new)
    assert (FOLDER / "proxy.conf").read_text("utf-8") == theirs
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    for name in ("webhooks", "console", "read_api"):
        assert SERVICES[name]["environment"]["PORCHLIGHT_TRUSTED_PROXIES"] == address


def test_the_image_is_pinned_made_in_two_stages_and_runs_as_nobody() -> None:
    lines = [line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(bases) == 2 and len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.12\.\d+-slim-bookworm", bases[0])
    final = lines[max(index for index, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER 10001:10001" in final and not any(
        line.startswith(("ENV", "ARG")) and "TOKEN" in line for line in lines
    )
    assert [line for line in final if line.startswith("COPY")] == ["COPY --from=build /opt/porchlight /opt/porchlight"]


@pytest.mark.parametrize(
    ("answer", "code"), [(b"HTTP/1.1 200 OK\r\n\r\n", 0), (b"HTTP/1.1 503 No\r\n\r\n", 1), (b"", 1)]
)
def test_the_health_check_tells_what_a_program_answers(answer: bytes, code: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(answer)

        thread = Thread(target=reply)
        thread.start()
        assert health.main([f"http://127.0.0.1:{server.getsockname()[1]}/readyz"]) == code
        thread.join()
    assert health.main(["http://example.org/"]) == 2
