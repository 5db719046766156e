"""Tells Telegram where this hotline's messages go (`porchlight channels register`)."""

from connectors.telegram.client import OpenBot, translated_errors
from connectors.telegram.connector import TelegramConfig

WEBHOOK_PATH = "/webhooks/telegram"
ALLOWED_UPDATES = ("message", "edited_message", "my_chat_member")


async def register_telegram(config: TelegramConfig) -> str:
    """Sets the bot's webhook with its secret, keeping what waits; answers with a line for the operator.

    Raises ValueError if something is not configured, SendError if Telegram refuses.
    """
    config.check(sending=True)
    if not config.public_url.startswith(("https://", "http://")):
        raise ValueError("telegram: PORCHLIGHT_PUBLIC_URL is not a URL; Telegram must know where to call")
    url = config.public_url.rstrip("/") + WEBHOOK_PATH
    open_bot = OpenBot(config.bot_token, config.api_url)
    try:
        async with translated_errors():
            await open_bot.bot.set_webhook(
                url,
                secret_token=config.webhook_secret,
                allowed_updates=ALLOWED_UPDATES,
                drop_pending_updates=False,
            )
    finally:
        await open_bot.aclose()
    return f"telegram: the bot sends its messages to {url}"
