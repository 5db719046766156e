"""Every channel by name. A third one is one folder and one line in each table (X6)."""

from collections.abc import Awaitable, Callable, Mapping

from connectors.contract import Connector
from connectors.sms.connector import SmsConfig, SmsConnector
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from hotline.findings import Finding
from hotline.messages import SMS, TELEGRAM, ChannelName

Config = SmsConfig | TelegramConfig


def build_connectors(
    configs: Mapping[ChannelName, Config], *, sending: bool = True, receiving: bool = True
) -> dict[ChannelName, Connector]:
    """A connector for each configured channel.

    ``sending`` False is for the program that only verifies and parses and need not hold what sends; ``receiving``
    False for the one that only sends.
    Raises ValueError, in one line, for an unknown channel or a missing secret (X3).
    """
    return {name: _build_connector(name, config, sending, receiving) for name, config in configs.items()}


async def register_channel(config: Config) -> str:
    """Points a channel's provider at our public URL; answers with a line for the operator.

    Raises ValueError if something is not configured, SendError if the provider refuses.
    """
    return await REGISTRATIONS[type(config)](config)


async def examine_channel(config: Config) -> list[Finding]:
    """Looks at a channel's provider, changing nothing. Raises ValueError if something is not configured."""
    return await EXAMINATIONS[type(config)](config)


def warm_senders() -> None:
    """Loads the providers' libraries, for which start-up and the first texts should not wait. Call in a thread.

    A text by SMS is sent without its library; that looks up, lists and erases.
    """
    from connectors.sms import client as sms_client
    from connectors.telegram import client as telegram_client

    sms_client.silence_libraries()
    telegram_client.silence_libraries()


def _build_connector(name: ChannelName, config: Config, sending: bool, receiving: bool) -> Connector:
    factory = FACTORIES.get(name)
    if factory is None:
        raise ValueError(f"there is no channel called {name!r}")
    return factory(config, sending, receiving)


def _build_sms(config: Config, sending: bool, receiving: bool) -> Connector:
    if not isinstance(config, SmsConfig):
        raise ValueError("sms: not an SmsConfig")
    return SmsConnector(config, sending=sending)


def _build_telegram(config: Config, sending: bool, receiving: bool) -> Connector:
    if not isinstance(config, TelegramConfig):
        raise ValueError("telegram: not a TelegramConfig")
    return TelegramConnector(config, sending=sending, receiving=receiving)


async def _register_sms(config: SmsConfig) -> str:
    from connectors.sms.registration import register_sms

    return await register_sms(config)


async def _register_telegram(config: TelegramConfig) -> str:
    from connectors.telegram.registration import register_telegram

    return await register_telegram(config)


async def _examine_sms(config: SmsConfig) -> list[Finding]:
    from connectors.sms.examination import examine_sms

    return await examine_sms(config)


async def _examine_telegram(config: TelegramConfig) -> list[Finding]:
    from connectors.telegram.examination import examine_telegram

    return await examine_telegram(config)


FACTORIES: Mapping[ChannelName, Callable[[Config, bool, bool], Connector]] = {
    SMS: _build_sms,
    TELEGRAM: _build_telegram,
}
REGISTRATIONS: Mapping[type, Callable[..., Awaitable[str]]] = {
    SmsConfig: _register_sms,
    TelegramConfig: _register_telegram,
}
EXAMINATIONS: Mapping[type, Callable[..., Awaitable[list[Finding]]]] = {
    SmsConfig: _examine_sms,
    TelegramConfig: _examine_telegram,
}
