"""A browser's address is somebody else's choice of where we connect to: public https alone (SSRF)."""

import pytest

from storage.push_endpoints import check_endpoint, is_public


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQ",
        "https://wns2-by3p.notify.windows.com/w/?token=AwYA%2b",
        "https://push.example:443/x",
    ],
)
def test_push_services_are_reached(endpoint: str) -> None:
    check_endpoint(endpoint, practice=False)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.8/x",
        "https://192.168.1.1/x", "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/x", "https://0x7f000001/x",
        "https://2130706433/x", "https://127.1/x", "https://localhost/x", "https://printer/x", "https://a.internal/x",
        "https://store.local/x", "https://push.example:6379/x", "https://user:pw@push.example/x", "https://push.example",
        "https://push.example/", "https://push.example/x#y", "ftp://push.example/x", "", "x",
        "https://push.example/a b",
        "https://push.example/\u00e9", "https://push.example/" + "x" * 1000, "https://a.localhost/x", "https://push.example./x",
        "https://[fd00::1]/x", "https://100.64.0.1/x", "https://0.0.0.0/x", "https://[2002:7f00:1::]/x",
    ],
)  # fmt: skip
def test_nothing_of_our_own_network_is(endpoint: str) -> None:
    with pytest.raises(ValueError):
        check_endpoint(endpoint, practice=False)


def test_practice_stays_on_this_machine() -> None:
    check_endpoint("http://127.0.0.1:8082/push/x", practice=True)
    for endpoint in ("https://fcm.googleapis.com/x", "http://10.0.0.1/x", "unix:///x"):
        with pytest.raises(ValueError):
            check_endpoint(endpoint, practice=True)


def test_only_public_addresses_are_connected_to() -> None:
    assert is_public("142.250.80.42") and is_public("2607:f8b0::200a")
    for address in ("127.0.0.1", "10.1.2.3", "::1", "fe80::1", "224.0.0.1", "::ffff:10.0.0.1", "push.example", ""):
        assert not is_public(address), address
