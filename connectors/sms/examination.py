"""Looks at Twilio's side of the hotline: account, number, webhooks, registration with the carriers. Changes nothing."""

from typing import Any

from connectors.errors import SendError
from connectors.sms.client import build_client
from connectors.sms.connector import STATUS_PATH, SmsConfig
from connectors.sms.registration import RETRY_OVERRIDES, WEBHOOK_PATH
from connectors.sms.wire import translated_errors
from hotline.digits import is_toll_free
from hotline.findings import Finding, look, well, wrong

ABOUT = "twilio"
_APPROVED, _REJECTED = "TWILIO_APPROVED", "TWILIO_REJECTED"
_REGISTER = "run: porchlight channels register"
_UNAUTHORIZED = frozenset({"20003", "401", "403"})


async def examine_sms(config: SmsConfig) -> list[Finding]:
    """What is well or wrong there. Raises ValueError where something is not configured; never SendError."""
    config.check(sending=True)
    client = build_client(config.account_sid, config.auth_token, config.api_url)
    try:
        async with translated_errors():
            found = [_judge_account(await client.api.v2010.accounts(config.account_sid).fetch_async())]
        if config.messaging_service_sid:
            found += await _try("service", _examine_service(client, config))
        else:
            found += await _try("number", _examine_number(client, config))
    except SendError as error:
        return [_judge_refusal(error)]
    finally:
        await client.http_client.close()
    return found


def _judge_refusal(error: SendError) -> Finding:
    if error.code in _UNAUTHORIZED:
        remedy = "copy SID and token from Twilio's console anew; a rotated token goes into TWILIO_AUTH_TOKEN"
        return wrong(ABOUT, f"it refuses our SID or token ({error.code})", "no text can be sent or erased", remedy)
    remedy = "look at status.twilio.com and at this machine's way out"
    return wrong(ABOUT, f"it cannot be asked ({error.code})", "texts may neither come nor go", remedy)


def _judge_account(account: Any) -> Finding:
    if str(account.status) != "active":
        return wrong(ABOUT, f"the account is {account.status}", "no text comes or goes", "open a case with Twilio")
    if str(account.type) == "Trial":
        return wrong(
            ABOUT,
            "it is a trial account",
            "it texts only numbers that were verified by hand, with a sentence of Twilio's before each text",
            "upgrade it in Twilio's console under Billing",
        )
    return well(ABOUT, "the account is active")


async def _try(what: str, examining: Any) -> list[Finding]:
    try:
        async with translated_errors():
            found: list[Finding] = await examining
    except SendError as error:
        return [look(ABOUT, f"the {what} cannot be looked at ({error.code})", "nothing is known of it", "try again")]
    return found


async def _examine_number(client: Any, config: SmsConfig) -> list[Finding]:
    numbers = await client.incoming_phone_numbers.list_async(phone_number=config.from_number, limit=1)
    if not numbers:
        remedy = "buy it in this account or set TWILIO_FROM to one that is"
        return [wrong(ABOUT, "TWILIO_FROM is not a number of this account", "every text is refused", remedy)]
    number = numbers[0]
    found = []
    if not (number.capabilities or {}).get("sms", True):
        found.append(wrong(ABOUT, "the number takes no texts", "nobody reaches us", "get a number with SMS"))
    if number.sms_application_sid:
        why = "an application set on the number wins over its webhook"
        found.append(wrong(ABOUT, "texts go to an application", why, _REGISTER))
    found.append(_judge_url(str(number.sms_url or ""), config))
    if is_toll_free(config.from_number):
        found += await _try("verification", _examine_toll_free(client, number.sid))
    elif config.from_number.startswith("+1"):
        found.append(
            look(
                ABOUT,
                "a local number without a Messaging Service",
                "carriers in the United States block its texts without an A2P 10DLC campaign (error 30034)",
                "register brand and campaign, put the number into its service, set TWILIO_MESSAGING_SERVICE_SID",
            )
        )
    return found


async def _examine_toll_free(client: Any, number_sid: str) -> list[Finding]:
    asked = await client.messaging.v1.tollfree_verifications.list_async(tollfree_phone_number_sid=number_sid, limit=5)
    states = {str(one.status) for one in asked}
    if _APPROVED in states:
        return [well(ABOUT, "the toll-free number is verified")]
    why = "carriers block texts of toll-free numbers that are not verified"
    if not states:
        return [
            wrong(ABOUT, "the toll-free number was never sent in", why, "send it in: Twilio, Toll-Free Verification")
        ]
    if states == {_REJECTED}:
        return [wrong(ABOUT, "the verification was rejected", why, "read the reason in Twilio's console, send it anew")]
    return [look(ABOUT, "the toll-free verification is under way", why, "wait; open to nobody before it is approved")]


async def _examine_service(client: Any, config: SmsConfig) -> list[Finding]:
    service = await client.messaging.v1.services(config.messaging_service_sid).fetch_async()
    found = []
    if service.use_inbound_webhook_on_number:
        why = "each number's own webhook wins over the service's"
        found.append(wrong(ABOUT, "the service leaves texts to its numbers", why, _REGISTER))
    found.append(_judge_url(str(service.inbound_request_url or ""), config))
    if str(service.status_callback or "") != config.public_url.rstrip("/") + STATUS_PATH:
        why = "a text that was not delivered is seen by nobody"
        found.append(wrong(ABOUT, "the status callback goes elsewhere", why, _REGISTER))
    if not config.from_number or not is_toll_free(config.from_number):
        found.append(_judge_campaign(service))
    return found


def _judge_campaign(service: Any) -> Finding:
    if service.us_app_to_person_registered:
        return well(ABOUT, "the service has an A2P 10DLC campaign")
    return wrong(
        ABOUT,
        "the service has no A2P 10DLC campaign",
        "carriers in the United States block its texts (error 30034)",
        "register brand and campaign in Twilio's console under Messaging, Regulatory Compliance",
    )


def _judge_url(url: str, config: SmsConfig) -> Finding:
    wanted = config.public_url.rstrip("/") + WEBHOOK_PATH
    if url.partition("#")[0] != wanted:
        return wrong(ABOUT, "texts are sent elsewhere than to us", "nobody reads them", _REGISTER)
    if url != wanted + RETRY_OVERRIDES:
        why = "a text that comes while we restart is not tried again"
        return look(ABOUT, "the webhook has no retries", why, _REGISTER)
    return well(ABOUT, "texts come to our webhook, with retries")
