"""The rows of ``app/degradation.py``: part, what is wrong, what the texter gets, how soon, what staff see, tests."""

from collections.abc import Iterator

from app.send_worker import GIVE_UP_AFTER
from bot.engines import ASK_ELSEWHERE_SECONDS
from hotline.timings import Timings
from storage.intake import KEY_SECONDS, NO_PAIR_SECONDS, PUT_SECONDS
from storage.ownership import LEASE_MILLISECONDS

type Cells = tuple[str, str, str, str, str, str]

_LEASE = LEASE_MILLISECONDS // 1000
_TIMES = Timings()
_RASA_GONE = "a line that answers and the offer of a person; keywords, crisis replies and pages as ever"
_LATER = "the usual answer, once, in its order"
_BROUGHT = (
    f"then its answer, or after {_TIMES.session_seconds / 60:.0f} minutes the question whether texting is OK now, and "
    "danger goes to a person; a text of more than 47 hours ago stays at Twilio for staff to read"
)
_BROUGHT_TESTS = (
    "tests/storage/test_reconciler.py"
    "::test_a_text_whose_webhook_never_came_is_brought_in_once_and_stays_there_till_it_is_answered_x4 "
    "tests/storage/test_late_texts.py::test_a_text_of_half_an_hour_ago_is_told_of_to_a_person_and_asked_about"
)
_WAITS = f"{_TIMES.imminent_wait_seconds / 60:.0f} minutes in danger, else {_TIMES.high_wait_seconds / 60:.0f}"


def list_all() -> Iterator[Cells]:
    """Every row."""
    yield from _way_in()
    yield from _stores()
    yield from _workers()
    yield from _dialogue()
    yield from _content()
    yield from _way_out()
    yield from _people()


def _way_in() -> Iterator[Cells]:
    yield (
        "webhooks", "killed, or replaced by a new version", f"{_LATER}: the provider repeats",
        "2 seconds under a supervisor; Twilio repeats for 15, Telegram for hours",
        "`PorchlightDown` if it stays away for a minute",
        "tests/app/test_stack.py::test_a_killed_program_is_started_again "
        "tests/faults/test_rolling_replace.py"
        "::test_every_program_is_replaced_under_load_and_no_text_is_lost_or_answered_twice_x4_x5",
    )  # fmt: skip
    yield (
        "our certificate", "over, or refused; or our name is not found", f"**nothing** until then; {_BROUGHT}",
        "7 minutes after it is mended, by Telegram sooner",
        "`PorchlightCertificate`, from a week before; event `text_late`",
        f"{_BROUGHT_TESTS} "
        "tests/app/test_certificate_watch.py::test_the_seconds_left_are_told_and_what_others_would_refuse_is_0 "
        "tests/app/test_certificate_watch.py"
        "::test_a_name_that_is_not_found_is_0_and_what_cannot_be_told_from_here_is_nothing",
    )  # fmt: skip
    yield (
        "the whole machine", "off, or cut off from providers",
        f"**nothing** until then; {_BROUGHT}",
        "7 minutes after it is back, by Telegram sooner",
        "**nothing by itself**: let a machine elsewhere ask both names (deployment, step 8); then event `text_late`",
        f"{_BROUGHT_TESTS} "
        "tests/docs/test_degradation.py::test_a_machine_elsewhere_can_ask_whether_the_front_door_answers",
    )  # fmt: skip


def _stores() -> Iterator[Cells]:
    spool = "tests/faults/test_spool.py::test_with_the_store_away_and_the_door_killed"
    yield (
        "store", "killed, stopped, or restarted", f"{_LATER}: it lay sealed on the disk of the webhooks",
        "a second or two after the store is back; the provider has its 200 at once",
        "`PorchlightStoreAway`, `PorchlightSpool`; events `spooled`, `spool_handed_on`, `store_lost`",
        f"{spool}_no_text_is_lost_doubled_or_out_of_order_x4 "
        "tests/storage/test_intake.py"
        "::test_texts_that_come_while_the_store_is_dead_are_kept_and_taken_in_once_it_is_back_x4 "
        "tests/faults/test_kills.py::test_the_store_killed_with_texts_coming_in_loses_none",
    )  # fmt: skip
    yield (
        "store", "hangs, or takes no writes (its disk or its memory is full)", _LATER,
        f"as above; the first texts hold their provider for {PUT_SECONDS:.0f} seconds",
        "the same; `/readyz` says `store`",
        "tests/storage/test_intake.py::test_a_store_that_hangs_keeps_nobody_waiting_and_nothing_twice_x4 "
        "tests/storage/test_intake.py::test_a_store_that_refuses_to_write_is_away_too "
        "tests/seeing/test_readiness.py::test_a_store_that_reads_and_cannot_write_is_no_store",
    )  # fmt: skip
    yield (
        "store of several machines", "its primary dies", _LATER, "some seconds: Sentinel promotes a copy",
        "event `store_lost`",
        "tests/storage/test_failover.py::test_whatever_was_acknowledged_is_there_after_the_primary_was_killed_x4",
    )  # fmt: skip
    yield (
        "disk of the webhooks", "full, with the store away too",
        f"{_LATER}, while there is reserved room (32 MiB); then the provider is told to repeat, and after 15 seconds "
        "an SMS comes late, from its record",
        "as long as the store is away", "`PorchlightSpool`; event `spool_refused`",
        "tests/storage/test_spool.py::test_room_that_was_reserved_is_taken_from_the_disk_at_once "
        "tests/storage/test_intake.py::test_with_the_spool_full_a_text_is_refused_so_that_its_provider_asks_again",
    )  # fmt: skip
    yield (
        "disk of the webhooks", "damaged, cut short by a loss of power, or takes no writes with the store back",
        "what was answered 200 is there; a damaged text is left out, those behind it are not", "at the next start",
        "`PorchlightSpool`; event `spool_broken`",
        "tests/storage/test_spool.py::test_a_file_cut_short_at_any_byte_has_every_whole_record_and_takes_more "
        "tests/storage/test_intake.py::test_a_disk_that_takes_no_writes_any_more_keeps_no_text_from_the_store_x4 "
        "tests/storage/test_spool.py::test_a_damaged_record_is_left_out_and_told_and_those_behind_it_stand",
    )  # fmt: skip
    yield (
        "keys instance", "away or hanging, alone or with the store", f"{_LATER}: sealed to the last key that was known",
        f"as above, {KEY_SECONDS:.0f} seconds more for the first", "`PorchlightNotReady` (`keys`)",
        "tests/storage/test_intake.py::test_texts_survive_the_door_being_killed_with_the_store_and_the_keys_x4",
    )  # fmt: skip
    yield (
        "keys instance", "killed: it has lost its keys",
        "who waited for a person goes on waiting; who waited for an answer hears that it could not be read, and a "
        "person is paged",
        "seconds after it is back", "those conversations on the list, high, as unreadable; event `unreadable`",
        "tests/faults/test_kills.py::test_unanswered_texts_whose_keys_died_go_to_waiting_as_unreadable_p3 "
        "tests/faults/test_kills.py::test_what_waits_when_its_keys_die_is_paged_again_and_not_forgotten_p3_h2 "
        "tests/storage/test_wrong_times.py"
        "::test_words_of_ours_whose_key_died_before_they_went_out_bring_a_person_and_not_silence_p3",
    )  # fmt: skip
    yield (
        "keys instance", "killed, with no worker to make new keys",
        "by SMS as above, once a worker is there; by Telegram the usual answer then: it repeats",
        f"the provider waits {NO_PAIR_SECONDS:.0f} seconds for a key", "`PorchlightNotReady` (`inbox_key`)",
        "tests/storage/test_intake.py"
        "::test_with_the_keys_gone_for_good_a_text_comes_before_a_person_as_unreadable_and_not_into_nothing_p3",
    )  # fmt: skip


def _workers() -> Iterator[Cells]:
    yield (
        "worker", "one is killed, at whatever step",
        "the usual answer, once; by Telegram the message that was just being sent may come twice",
        f"{_LEASE} seconds until another has its texts, or one second until it is started again", "nothing",
        "tests/faults/test_kills.py::test_a_worker_killed_at_any_step_answers_every_text_once_by_sms "
        "tests/faults/test_kills.py"
        "::test_on_telegram_only_a_kill_between_sending_and_noting_it_may_repeat_that_one_message",
    )  # fmt: skip
    yield (
        "worker", "all are dead", f"**nothing** until one runs; then {_LATER}",
        "as soon as one runs, for 24 hours", "`PorchlightNoWorker`, `PorchlightBacklog`; nobody is paged by us",
        "tests/faults/test_spool.py"
        "::test_with_every_worker_dead_texts_wait_and_are_answered_by_the_first_that_is_back_r9 "
        "tests/storage/test_wrong_times.py"
        "::test_a_text_that_lay_there_while_its_session_ran_out_is_answered_and_its_answer_can_go_out_c13",
    )  # fmt: skip
    yield (
        "worker", "a message kills whoever takes it up, or fails five times",
        "a crisis card, and a person is paged", "five starts", "`PorchlightDeadLetters`; the conversation on the list",
        "tests/faults/test_kills.py::test_a_message_that_kills_every_worker_is_put_aside_and_its_texter_gets_a_person",
    )  # fmt: skip
    yield (
        "worker's files", "a key file, a setting or content is broken while it runs",
        "the usual answer: a worker ends only if one could begin after it", "at once",
        "`PorchlightCannotRestart`, `PorchlightKeysLost`; events `restart_put_off`, `keys_lost`",
        "tests/faults/test_recycled_without_files.py"
        "::test_a_worker_with_a_lost_key_file_or_broken_content_goes_on_and_tells_it "
        "tests/faults/test_rotation.py"
        "::test_a_lost_key_file_stops_nobody_who_runs_and_is_told_and_a_new_start_says_what_to_do",
    )  # fmt: skip
    yield (
        "clock", "jumps, forward or back",
        "crisis reply and page as ever, but for the first text of a session, which may count as late: a page, and the "
        "question whether texting is OK; a session may end early or late, an answer that was being tried is given up",
        "at once", "waiting times that cannot be; pushes fail (`page_failed` with 401 or 403)",
        "tests/storage/test_wrong_times.py"
        "::test_with_a_clock_that_jumps_danger_is_answered_and_waits_for_a_person",
    )  # fmt: skip


def _dialogue() -> Iterator[Cells]:
    yield (
        "Rasa", "one of several is dead, hangs, fails or answers nonsense", "the usual answer from another one",
        f"{ASK_ELSEWHERE_SECONDS} seconds more, until three turns in a row had none", "event `engine_left_out`",
        "tests/bot/test_engines.py::test_a_hung_engine_costs_a_turn_less_than_a_second_and_is_left_out_after_three "
        "tests/bot/test_engines.py::test_a_process_that_fails_where_another_does_not_is_left_out_after_three "
        "tests/bot/test_engines.py::test_two_dead_of_three_cost_no_turn_its_answer",
    )  # fmt: skip
    yield (
        "Rasa", "all are dead or hang", _RASA_GONE, "3 seconds; danger and keywords do not wait for it",
        "`PorchlightDialogueFails`; event `dialogue_failed`; more people on the list",
        "tests/functional/test_texter_stories.py"
        "::test_with_rasa_stopped_keywords_crisis_and_the_offer_of_a_person_go_on_k1_r1 "
        "tests/functional/test_rasa_probes.py"
        "::test_r14_a_hanging_engine_delays_no_webhook_and_the_texter_hears_within_three_seconds "
        "tests/bot/test_engines.py::test_whatever_the_engines_do_a_turn_takes_no_more_than_three_seconds_r8",
    )  # fmt: skip
    yield (
        "Rasa's model", "missing, or not the one of this data", f"as above: {_RASA_GONE}", "3 seconds",
        "as above; Rasa's `/readyz` says `model`, or its start says what is missing",
        "tests/bot/test_training.py::test_a_missing_model_is_said_plainly "
        "tests/bot/test_engine_safety.py::test_a_changed_model_is_not_served "
        "tests/seeing/test_readiness.py::test_an_engine_without_a_model_is_not_ready",
    )  # fmt: skip
    yield (
        "actions", "dead or hanging", "where a turn needs them as with Rasa dead, else the usual answer", "3 seconds",
        "`PorchlightDialogueFails`",
        "tests/bot/test_engine_safety.py::test_a_dead_action_server_is_an_error_and_not_an_empty_answer "
        "tests/bot/test_engine_safety.py::test_a_hanging_action_is_a_timeout_and_not_an_empty_answer",
    )  # fmt: skip
    yield (
        "Rasa", "flooded", "a line that answers and the offer of a person; danger goes ahead", "at once",
        "`PorchlightDialogueFails`",
        "tests/abuse/test_pressure.py::test_a_flooded_engine_gives_a_line_and_the_offer_of_a_person",
    )  # fmt: skip
    yield (
        "screening", "raises an error", "a crisis card, and a person is paged, unasked", "at once",
        "`PorchlightScreeningFails`; the conversation on the list, high",
        "tests/hotline/test_pipeline.py::test_failed_screening_is_high_with_a_crisis_card_and_a_person_r9 "
        "tests/seeing/test_times.py::test_a_screening_is_timed_and_one_that_fails_is_told_and_raised",
    )  # fmt: skip
    yield (
        "screening's second stage", "its file is missing", "the rules alone: danger in plain words is heard",
        "at once", "`PorchlightRulesAlone`; event `learned_missing`",
        "tests/hotline/screening/test_learned.py::test_the_rules_stand_without_it "
        "tests/hotline/screening/test_learned.py::test_a_missing_file_is_no_model_and_a_broken_one_stops_the_start "
        "tests/docs/test_degradation.py::test_a_worker_that_screens_without_its_second_stage_says_so",
    )  # fmt: skip


def _content() -> Iterator[Cells]:
    yield (
        "content", "a file is broken at the start of a worker",
        "the usual answer of the workers that run; with none of them **nothing** until it is mended", "as above",
        "the start names file and key; `PorchlightNoWorker` if none runs",
        "tests/hotline/test_content.py::test_bad_content_stops_the_start_and_names_file_and_key_v10",
    )  # fmt: skip
    yield (
        "cover file", "missing or broken at the start of a worker", "as above", "as above",
        "the start says what is wrong",
        "tests/app/test_cover_file.py::test_a_file_that_is_missing_or_broken_stops_the_start_k7",
    )  # fmt: skip
    yield (
        "disk of the machine", "full at the start", "as with all workers dead", "until there is room",
        "one line that says so",
        "tests/app/test_stack_command.py::test_a_full_disk_is_one_clear_line",
    )  # fmt: skip


def _way_out() -> Iterator[Cells]:
    minutes = int(GIVE_UP_AFTER.total_seconds() // 60)
    yield (
        "provider", "answers 429 or 5xx, hangs, or cuts the line", "the usual answer, once",
        f"as soon as it takes it, for {minutes} minutes", "`PorchlightBacklog` (`outbox`)",
        "tests/faults/test_kills.py::test_a_provider_that_fails_gets_the_message_again_and_the_texter_once "
        "tests/contracts/test_connectors.py::test_a_provider_that_is_down_is_worth_another_try",
    )  # fmt: skip
    yield (
        "way to the provider", "its name is not found, its certificate is over", "the same; nothing is sent unsafely",
        f"{minutes} minutes", "the same",
        "tests/contracts/test_way_to_provider.py"
        "::test_a_provider_whose_certificate_is_over_is_told_nothing_and_asked_again "
        "tests/contracts/test_way_to_provider.py::test_a_provider_whose_name_cannot_be_found_is_asked_again",
    )  # fmt: skip
    yield (
        "provider", f"stays away for {minutes} minutes, or cannot deliver", "**nothing**; a person is paged",
        f"{minutes} minutes", "`PorchlightUnsent`, `PorchlightSendsFail`; the message marked as failed; `send_failed`",
        "tests/storage/test_wrong_times.py"
        "::test_a_provider_that_stays_away_is_given_up_after_its_time_and_the_texter_comes_before_a_person_x5 "
        "tests/faults/test_kills.py::test_a_message_that_cannot_be_sent_is_brought_before_an_advocate_x5",
    )  # fmt: skip
    yield (
        "provider", "has a STOP that we did not hear of", "nothing more, as they asked", "at once", "that they left",
        "tests/faults/test_kills.py::test_a_number_that_stopped_at_the_carrier_is_a_stop_k2",
    )  # fmt: skip


def _people() -> Iterator[Cells]:
    pager = "tests/paging/test_pager.py"
    yield (
        "console", "down, or an advocate's line is lost",
        "the bot's answers as ever; who waits gets a line that answers, and is not talked over by the bot",
        f"{_TIMES.lease_seconds:.0f} seconds until the conversation waits again; the line after {_WAITS}",
        "`PorchlightDown`; pages by text, Telegram and browser go on",
        "tests/functional/test_advocate_stories.py"
        "::test_a_console_that_goes_away_returns_the_conversation_to_waiting_and_no_bot_talks_h6 "
        "tests/functional/test_texter_stories.py::test_a_wait_that_runs_out_is_told_with_a_line_that_answers_h3_h4 "
        f"{pager}::test_all_on_call_are_paged_within_five_seconds_of_the_commit_h3",
    )  # fmt: skip
    yield (
        "push service", "in trouble, refuses, or has dropped a browser", "nothing of it",
        "a hanging way holds up neither the others nor the next rung", "event `page_failed`; other ways go on",
        f"{pager}::test_a_push_service_in_trouble_is_asked_once_more "
        f"{pager}::test_a_subscription_that_is_gone_is_removed_and_the_next_rung_paged "
        f"{pager}::test_a_provider_that_hangs_holds_up_neither_the_other_ways_nor_the_next_rung",
    )  # fmt: skip
    yield (
        "paging", "nobody can be reached by any way", f"a line that answers after {_WAITS}", "as it says",
        "`PorchlightPageUnheard`, `PorchlightUrgentWaiting`; an alert in the console",
        f"{pager}::test_when_nobody_at_all_is_reached_the_log_and_the_alert_say_so",
    )  # fmt: skip
    yield (
        "people", "nobody is on shift", "that it is so, with a line that answers now", "at once",
        "those on call are paged at once",
        "tests/functional/test_texter_stories.py"
        "::test_with_nobody_on_shift_the_texter_is_told_and_gets_a_line_that_answers_h4 "
        f"{pager}::test_nobody_on_shift_pages_those_on_call_at_once_and_alarms_nobody",
    )  # fmt: skip
