"""Builds channels and the inbox from Settings: all that the internet-facing program needs, and nothing that opens."""

from app.secret import Secret
from app.settings import Settings
from connectors.registry import Config
from connectors.sms.connector import SmsConfig
from connectors.telegram.connector import TelegramConfig
from hotline.messages import SMS, TELEGRAM, ChannelName
from storage.connection import Store
from storage.content_keys import InboxPublicKeys
from storage.inbox import Inbox
from vault.key_files import Tell, load_address_keys, tell_nobody


def build_channel_configs(settings: Settings) -> dict[ChannelName, Config]:
    """What each channel needs of the settings; a secret that this program was not given stays empty."""
    return {
        SMS: SmsConfig(
            public_url=settings.public_url,
            auth_token=_text(settings.twilio_auth_token),
            auth_token_secondary=_text(settings.twilio_auth_token_secondary),
            account_sid=settings.twilio_account_sid,
            from_number=settings.twilio_from,
            messaging_service_sid=settings.twilio_messaging_service_sid,
            api_url=settings.twilio_api_url,
            erase=settings.twilio_erase,
            discards_content="words" in settings.twilio_keep_less,
            obfuscates_address="numbers" in settings.twilio_keep_less,
        ),
        TELEGRAM: TelegramConfig(
            webhook_secret=_text(settings.telegram_webhook_secret),
            bot_token=_text(settings.telegram_bot_token),
            public_url=settings.public_url,
            api_url=settings.telegram_api_url,
        ),
    }


def build_inbox(settings: Settings, store: Store, keys: Store, tell: Tell = tell_nobody) -> Inbox:
    """The way into the machine: seals, and opens nothing. ``tell`` hears of a key file that is lost."""
    return Inbox(store, InboxPublicKeys(keys), load_address_keys(settings.address_key_file, tell))


def _text(secret: Secret) -> str:
    return secret.reveal() if secret else ""
