"""The practice phone and the provider emulators: a process of its own that nothing else imports.

``python -m phone`` speaks Twilio's REST API under ``/twilio``, Telegram's Bot API under ``/telegram``, takes Web Push
for any subscription under ``/push/NAME`` (signatures checked), shows two
handsets on ``GET /``, and is driven by the practice API (JSON, loopback only, nothing on disk):

``POST /practice/texts`` ``{channel, address, text?, kind?, external_id?, service_sid?}`` writes from a handset and
waits for the webhook's answer: ``{status, tries, external_id, sent_monotonic, answered_monotonic}``; ``status`` is the
last HTTP status, 0 if none came. ``kind``: text (default), photo, voice, video, audio, document, contact, location; on
Telegram also sticker, animation, video_note, edited, blocked, unblocked. The same ``external_id`` is a duplicate.

``POST /practice/updates`` ``{channel, ...}`` signs raw form fields (a list repeats a field; ``_path`` picks another
webhook path) or sends a raw Telegram update with the secret header, once: ``{status, tries, ...}``.

``GET /practice/messages?channel=&address=&after=N&wait_seconds=S&side=hotline|texter|carrier|all`` what reached the
handset: ``{messages: [{n, side, text, at, external_id, kind, deleted, status, provider_copy, parts?, encoding?,
units?, buttons?}]}``; with ``wait_seconds`` (60 at most) it answers as soon as there is something. ``provider_copy``
is kept, redacted or deleted; ``status`` delivered (or sent, queued); of a text of theirs: taken, or the HTTP status.

``GET /practice/copies?channel=&address=`` what the provider still holds: ``{copies: [{external_id, side, text, media?,
status?}]}``; at Twilio records (a redacted one has no text), on Telegram both sides of the chat.
``POST /practice/copies/delete`` ``{channel, address}`` is somebody who deletes them by hand.

``POST /practice/faults`` ``{channel, kind, count?, address?, seconds?, on?}`` the next ``count`` calls fail; ``kind``:
429 500 503 timeout drop; for push 403 404 410, for SMS 21610 21211 30003 30029 late_status, for Telegram blocked; echo
is a 400 that repeats words and address in its message; ``on``: send (default), erase, or webhook (SMS and drop:
Twilio keeps a text and never brings it); ``seconds``: retry_after, how long a timeout holds, how late a status comes.
``DELETE /practice/faults`` ends all.

``GET /practice/received?channel=&after=N`` every call that a provider took or refused: ``{receipts: [{n, channel,
call, outcome, address, external_id, text, at, at_monotonic}], counts: {"sms.send.accepted": 3}, total}``, the last
50,000; ``call`` is send, erase, redact, delete, delete_media, status (a callback) or text (a handset's).

``GET /practice/pushes?subscription=`` what came by Web Push: ``{pushes: [{subscription, method, headers, length,
status, at_monotonic}]}``.

``POST /practice/clock`` ``{channel, address, offset_seconds}`` and ``GET /practice/settled?channel=&address=`` go on
to the worker's private port as they are (the offset also ages Telegram messages for the 48-hour rule).

``POST /practice/reset`` forgets conversations, faults, opt-outs and receipts. ``GET /practice/events?sms=&telegram=``
streams ``{type: message|change, channel, address, message}`` of those two addresses or of all. ``GET /healthz``: 200.
"""
