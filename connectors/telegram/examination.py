"""Looks at Telegram's side of the hotline: the bot, its webhook, what waits. Changes nothing."""

from datetime import UTC, datetime, timedelta

from connectors.errors import SendError
from connectors.telegram.client import OpenBot, translated_errors
from connectors.telegram.connector import TelegramConfig
from connectors.telegram.registration import ALLOWED_UPDATES, WEBHOOK_PATH
from hotline.findings import Finding, look, well, wrong

ABOUT = "telegram"
_MANY = 20
_LATELY = timedelta(hours=1)
_REGISTER = "run: porchlight channels register"


async def examine_telegram(config: TelegramConfig) -> list[Finding]:
    """What is well or wrong there. Raises ValueError where something is not configured; never SendError."""
    config.check(sending=True)
    open_bot = OpenBot(config.bot_token, config.api_url)
    try:
        async with translated_errors():
            info = await open_bot.bot.get_webhook_info()
    except SendError as error:
        if error.code in {"401", "404"}:
            remedy = "ask @BotFather for the token and put it into telegram_bot_token"
            return [wrong(ABOUT, "it refuses the bot's token", "no message comes or goes", remedy)]
        remedy = "look at this machine's way out"
        return [wrong(ABOUT, f"it cannot be asked ({error.code})", "messages may neither come nor go", remedy)]
    finally:
        await open_bot.aclose()
    if info.url != config.public_url.rstrip("/") + WEBHOOK_PATH:
        return [wrong(ABOUT, "messages are sent elsewhere than to us", "nobody reads them", _REGISTER)]
    found = [well(ABOUT, "messages come to our webhook")]
    if set(info.allowed_updates or ()) != set(ALLOWED_UPDATES):
        found.append(look(ABOUT, "it sends other kinds of updates than we asked for", "some may be missing", _REGISTER))
    if info.pending_update_count > _MANY:
        why = "texters wait"
        found.append(wrong(ABOUT, f"{info.pending_update_count} messages wait there", why, "see that webhooks is up"))
    if info.last_error_date and datetime.now(UTC) - info.last_error_date < _LATELY:
        why = "its last call to us failed within the hour"
        found.append(look(ABOUT, "it could not reach us lately", why, "look at proxy, certificate and PUBLIC_URL"))
    return found
