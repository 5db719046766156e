"""Twilio's errors in Twilio's shape (code, message, more_info, status)."""

from starlette.responses import JSONResponse

REFUSALS: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20009: (409, "Cannot change or delete this resource before it is complete"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service is currently unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21408: (400, "Permission to send an SMS has not been enabled"),
    21402: (400, "Invalid Url"),
    21602: (400, "Message body is required"),
    21603: (400, "'From' phone number or a Messaging Service is required"),
    21604: (400, "'To' phone number is required"),
    21606: (400, "The 'From' phone number is not a message-capable number of this account"),
    21609: (400, "Invalid 'StatusCallback'"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    30029: (400, "Invalid ContentRetention"),
    30030: (400, "Invalid AddressRetention"),
    30400: (400, "Parameters are not valid"),
}
FAULT_CODES = {"429": 20429, "500": 20500, "503": 20503, "21610": 21610, "21211": 21211, "30029": 30029}


def refuse(code: int, retry_after_seconds: float | None = None, said: str = "") -> JSONResponse:
    """The answer for one of Twilio's error codes; ``said`` is repeated in its message, as Twilio does with numbers."""
    status, message = REFUSALS[code]
    message += f": {said}" if said else ""
    headers = {"Twilio-Request-Duration": "0.002"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    if retry_after_seconds is not None:
        headers["Retry-After"] = str(max(1, round(retry_after_seconds)))
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return JSONResponse(body, status, headers=headers)
