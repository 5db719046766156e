"""Read by every Python of stock Rasa: Twilio's client calls the provider of the benchmark, nothing else differs."""

import os

API_URL = "https://api.twilio.com"


def point_twilio_at(provider_url: str) -> None:
    """Rewrites the base of every URL that Twilio's own HTTP client is about to call."""
    from twilio.http.http_client import TwilioHttpClient

    original = TwilioHttpClient.request

    def request(self, method, url, *arguments, **named):  # type: ignore[no-untyped-def]
        return original(self, method, url.replace(API_URL, provider_url, 1), *arguments, **named)

    TwilioHttpClient.request = request


if os.environ.get("BENCH_PROVIDER_URL"):
    point_twilio_at(os.environ["BENCH_PROVIDER_URL"])
