"""Random nights of texts, clicks, deadlines, crashes and jumps of the clock (H1, H2, H6, A4, R8, R10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hotline.conversations import Owner
from hotline.deadlines import HOLD, LEASE, PAGE, SESSION, TRANSFER
from hotline.ladder import page_due
from hotline.outcomes import OUTCOMES
from storage.inbox import DeskCommand
from tests.hotline.handoff_world import ADVOCATES, TIMINGS, Hotline, Step

_LEAVING = ("STOP", "BYE", "CLEAR", "stop texting me")
_TEXTS = (
    "food please", "!imminent", "!danger", "!high", "!homeless", "!here", "!probe", "!concern", "!broken", "PERSON",
    "yes", "no", "NUMBER", "MENU", "START", "laundry", "lantern", "COVER maple river",
    "maple", "river", "/restart", '/food{"a": 1}', *_LEAVING,
)  # fmt: skip
_ACTIONS = (
    "claim", "claim", "claim", "reply", "decline", "transfer", "accept", "pair", "unpair", "release", "close", "hold",
    "acknowledge", "block", "silent", "nonsense",
)  # fmt: skip
_DETAILS = {
    "transfer": st.sampled_from(("", *ADVOCATES, "mallory")),
    "pair": st.sampled_from((*ADVOCATES, "mallory")),
    "close": st.sampled_from((*OUTCOMES, "", "because")),
    "hold": st.sampled_from(("", "0", "30", "9999", "x")),
}
_DIALOGUE_WORDS = {"food", "ride", "tips", "tips_2", "choose", "misunderstood", "dialogue_down", "place_more"}
_JOINED = {"advocate_joined", "advocate_joined_next", "advocate_changed", "advocate_paired"}


class Night(RuleBasedStateMachine):
    """Every step is decided, may be lost in a crash and decided anew, and is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.hotline = Hotline()

    @rule(texts=st.lists(st.sampled_from(_TEXTS), min_size=1, max_size=2), lost=st.booleans())
    def texts(self, texts: list[str], lost: bool) -> None:
        step = self._do(lambda: self.hotline.text(*texts), lost)
        assert step
        before, outcome = step.before, step.outcome
        keys = {ref.key for ref in outcome.replies}
        leaves = texts[-1] in _LEAVING
        assert len(outcome.replies) <= 2 and not outcome.words
        if before.locked:
            assert not step.asked_dialogue and not keys & _DIALOGUE_WORDS, "the bot talked while a person was due (H1)"
            assert outcome.conversation.locked or leaves, "a text undid the lock (H1)"
        if before.owner is Owner.WITH_ADVOCATE:
            assert not {"welcome", "phone_ok", "handoff_asked"} & keys, "the bot talked over a person (H1)"
        silent_is_right = leaves or step.opted_out or before.owner is Owner.WITH_ADVOCATE
        silent_is_right |= "!here" in texts or (before.session.awaiting_phone_ok and texts[-1] == "no")
        assert keys or silent_is_right, "a text was met with silence (R9)"
        if outcome.forget:
            assert leaves or step.opted_out
        else:
            assert self.hotline.windows[before.id][-len(texts) :] == texts, "a text was lost (H6)"
        if step.opted_out and "START" not in texts:
            assert not keys

    @rule(data=st.data(), action=st.sampled_from(_ACTIONS), advocate=st.sampled_from(ADVOCATES), lost=st.booleans())
    def clicks(self, data: st.DataObject, action: str, advocate: str, lost: bool) -> None:
        if not self.hotline.kept:
            return
        conversation = data.draw(st.sampled_from(sorted(self.hotline.kept)))
        detail = data.draw(_DETAILS[action]) if action in _DETAILS else ""
        confirmed = ("near",) if data.draw(st.booleans()) else ()
        command = DeskCommand("k", action, conversation, advocate, "hello", confirmed, detail)
        step = self._do(lambda: self.hotline.click(command), lost)
        assert step
        before, outcome = step.before, step.outcome
        if outcome.words:
            assert advocate in {before.advocate, before.partner} and before.owner is Owner.WITH_ADVOCATE
            assert (confirmed or not before.silent) and not step.opted_out
        if outcome.result != "done":
            # A click comes upon a page that is due; it changes nothing else.
            paged = {"rung": outcome.conversation.rung, "paged_at": outcome.conversation.paged_at}
            left_out = outcome.conversation.acknowledged_at
            assert outcome.conversation == replace(before, acknowledged_at=left_out, **paged)
            assert not outcome.replies and not outcome.words and not outcome.forget
        if before.locked and not outcome.conversation.locked:
            assert action in {"release", "close"} and before.advocate == advocate
        if outcome.block:
            assert before.block_by not in {None, advocate}, "one person blocked an address (R8)"
        self._check_quiet(step)

    @rule(seconds=st.sampled_from((1, 30, 61, 91, 130, 310, 1801, 7300, 15000)), work=st.booleans(), lost=st.booleans())
    def time_passes(self, seconds: int, work: bool, lost: bool) -> None:
        self.hotline.at += timedelta(seconds=seconds)
        if work:
            self._work_off(lost)

    @rule(lost=st.booleans())
    def worker_works_off_what_is_due(self, lost: bool) -> None:
        self._work_off(lost)

    @rule(advocate=st.sampled_from(ADVOCATES))
    def page_stays_open(self, advocate: str) -> None:
        for conversation in self.hotline.kept:
            self.hotline.renew(conversation, advocate)

    @rule(there=st.booleans())
    def shift_changes(self, there: bool) -> None:
        self.hotline.on_shift = there

    @invariant()
    def exactly_one_owner(self) -> None:
        for one in self.hotline.kept.values():
            assert (one.owner is Owner.WITH_ADVOCATE) == (one.advocate is not None)
            assert one.advocate or not (one.partner or one.transfer_to)
            assert one.partner is None or one.partner != one.advocate
            assert one.transfer_to is None or one.transfer_to != one.advocate

    @invariant()
    def something_is_due_for_whoever_is_there(self) -> None:
        due = self.hotline.due
        for key, one in self.hotline.kept.items():
            if one.owner is Owner.WAITING:
                assert due[PAGE, key] == page_due(one, TIMINGS) and one.rung and one.waiting_since
                assert (due[PAGE, key] - self.hotline.at).total_seconds() <= 1800
            elif one.owner is Owner.WITH_ADVOCATE:
                assert (LEASE, key) in due and ((TRANSFER, key) in due) == (one.transfer_to is not None)
            elif one.owner is Owner.WITH_BOT:
                assert (SESSION, key) in due
            assert one.owner is Owner.WITH_BOT or (SESSION, key) not in due

    @invariant()
    def what_ended_is_held_for_a_while_or_gone(self) -> None:
        for key, one in self.hotline.kept.items():
            if one.ended:
                assert one.held_by and one.held_since and self.hotline.address != key
                assert self.hotline.due[HOLD, key] <= one.held_since + timedelta(seconds=TIMINGS.hold_ceiling_seconds)
                assert not one.session.recent and not one.session.dialogue
            else:
                assert self.hotline.address == key, "a conversation that goes on lost its texter"

    def teardown(self) -> None:
        """In the end nothing that ended is left."""
        self.hotline.at += timedelta(days=1)
        self._work_off(lost=False)
        assert not any(one.ended for one in self.hotline.kept.values())

    def _work_off(self, lost: bool) -> None:
        come = self.hotline.come
        for kind, conversation in come:
            step = self._do(lambda k=kind, c=conversation: self.hotline.deadline(k, c), lost)  # type: ignore[misc]
            if step:
                assert not step.before.locked or step.outcome.conversation.locked or step.outcome.forget
                assert not step.outcome.words
                self._check_quiet(step)
        assert not set(come) & {key for key in self.hotline.come if key[0] != SESSION}, "a deadline stays due for ever"

    def _check_quiet(self, step: Step) -> None:
        """What no text asked for is one message at most, and none while someone is near (R10)."""
        keys = [ref.key for ref in step.outcome.replies]
        assert len(keys) <= 1
        if step.before.silent:
            assert not keys, "wrote first while someone was near (R10)"
        if _JOINED & set(keys):
            assert step.outcome.conversation.owner is Owner.WITH_ADVOCATE, "said that someone is here (V5)"

    def _do(self, decide: Callable[[], Step | None], lost: bool) -> Step | None:
        if lost:
            # The worker dies before its commit; another decides it anew from what is kept.
            born = self.hotline.born
            decide()
            self.hotline.born = born
            self.hotline.at += timedelta(seconds=2)
        step = decide()
        again = decide() if step and not step.texts else step
        if step and again:
            assert again.outcome == step.outcome, "the same step came to something else"
        if step:
            waits = step.outcome.conversation.owner is Owner.WAITING and not step.outcome.forget
            began = step.before.owner is not Owner.WAITING or step.outcome.conversation.level > step.before.level
            assert step.outcome.page or not (waits and began), "somebody waits and nobody was paged (H3)"
            self.hotline.commit(step)
        return step


TestNight = Night.TestCase
TestNight.settings = settings(
    max_examples=120, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
