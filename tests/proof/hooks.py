"""Every step that can be told to break, by program: ``module:function`` or ``module:Class.method``, as data.

A path for each follows by itself: the step raises an error with the words in it, and the program dies there.
"""

HOOKS: dict[str, tuple[str, ...]] = {
    "webhooks": (
        "app.webhook_requests:read_body",
        "connectors.sms.connector:SmsConnector.verify",
        "connectors.sms.connector:SmsConnector.parse",
        "storage.inbox:_message_json",
        "vault.inbox:InboxPublicKey.seal",
        "storage.intake:Intake.put_message",
        "storage.inbox:Inbox.put",
        "app.metrics:Metrics.count_webhook",
    ),
    "worker": (
        "app.turn_items:parse_message",
        "app.turn_worker:load_for_message",
        "app.turn_worker:handle_inbound",
        "hotline.pipeline:hear",
        "hotline.pipeline:_screen_all",
        "app.screener:Screener.screen",
        "hotline.pipeline:remember",
        "hotline.dialogue_turn:answer",
        "bot.client:RasaDialogue.answer",
        "bot.client:parse_answer",
        "app.turn_worker:write_outcome",
        "storage.commit:Committer.commit",
        "connectors.sms.client:TwilioTransport.request",
    ),
    "console": (
        "console.guards:_enter",
        "console.routes.login:_read_name",
        "console.pages:Pages.respond",
        "storage.accounts:StoreAccounts.find",
    ),
    "actions": (
        "bot.actions.server:_read_call",
        "bot.actions.server:_run",
        "bot.actions.action_find_place:ActionFindPlace.run",
        "bot.actions.validate_place_form:ValidatePlaceForm.extract_area",
        "starlette.responses:JSONResponse.render",
    ),
    "rasa": (
        "bot.engine.channel:parse_turn",
        "bot.engine.channel:build_tracker",
        "bot.engine.classifier:NgramClassifier.process",
        "rasa.core.processor:MessageProcessor.parse_message",
        "rasa.core.processor:MessageProcessor.predict_next_with_tracker_if_should",
        "bot.engine.channel:build_answer",
        "bot.engine.channel:pack_state",
    ),
}
