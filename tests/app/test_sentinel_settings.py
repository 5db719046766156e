"""A store on several servers as a setting: how its URL looks, and that it is safe on the way (P9)."""

import pytest

from app.settings import load_settings
from tests.app.test_settings import PRINTED, keys, live, practice, refusal

__all__ = ["keys", "live", "practice"]


def test_a_store_on_several_servers_is_named_by_its_sentinels_and_needs_tls_to_be_far_away(live, practice):
    far = "worker:pw@a.example.org:26379,b.example.org/porchlight-store?copies=1"
    assert load_settings(live | {"PORCHLIGHT_REDIS_URL": f"rediss+sentinel://{far}"}, "worker").redis_url
    assert "must use TLS" in refusal(live | {"PORCHLIGHT_REDIS_URL": f"redis+sentinel://{far}"}, "worker")
    assert "on this machine" in refusal(practice | {"PORCHLIGHT_REDIS_URL": f"rediss+sentinel://{far}"}, "worker")
    here = "redis+sentinel://worker:pw@127.0.0.1:26379,[::1]:26380/porchlight-store"
    assert load_settings(practice | {"PORCHLIGHT_REDIS_URL": here}, "worker").redis_url
    mixed = here.replace("[::1]", "a.example.org")
    assert "must use TLS" in refusal(live | {"PORCHLIGHT_REDIS_URL": mixed}, "worker")


@pytest.mark.parametrize("url", ["redis://worker:s3cret/x@127.0.0.1:6379", "unix://worker:s3cret/x@/run/s.sock",
                                 "rediss://worker:s3cret\u2100@a.example.org"])  # fmt: skip
def test_a_password_that_is_not_encoded_is_refused_without_any_part_of_it(live, url):
    """The standard library's own errors quote it."""
    message = refusal(live | {"PORCHLIGHT_REDIS_URL": url}, "worker")
    assert "percent-encoded" in message and "s3cret" not in message


@pytest.mark.parametrize(
    "wrong",
    [
        "a:26379", "a:26379/", "a:26379/x/y", "a:0/x", "a:port/x", ",a/x", "a/x?copies=9", "a/x?copies=-1", "a/x?b=1",
    ],
)  # fmt: skip
def test_an_odd_sentinel_url_is_refused_without_its_password(live, wrong):
    message = refusal(live | {"PORCHLIGHT_REDIS_URL": f"rediss+sentinel://worker:{PRINTED}@{wrong}"}, "worker")
    assert "PORCHLIGHT_REDIS_URL" in message and PRINTED not in message
