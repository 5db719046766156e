"""What makes the engine quicker changes nothing that it says: its parts beside Rasa's own, on the trained model."""

import subprocess

import pytest

from bot.training import ROOT, ensure_model
from tests.bot.engine_process import ENGINE_PYTHON

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

_BEGIN = """
import asyncio, random
from bot.engine import launcher
launcher.prepare(serving=False)
from bot.training import get_model
from rasa.core.agent import load_agent
model = get_model(launcher.ROOT)
"""


def run_inside(source: str, begin: str = _BEGIN) -> str:
    """What a script in the engine's environment prints; it fails if the script does."""
    ensure_model()
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", begin + source],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_every_rule_that_rasa_finds_is_looked_up_and_no_other() -> None:
    """States of the rules themselves, cut short, lengthened and changed in one place."""
    shown = run_inside("""
from rasa.core.policies.rule_policy import RulePolicy
from bot.engine.quick_rules import _find_possible_keys
agent = asyncio.run(load_agent(model_path=str(model)))
policy = next(n._component for n in agent.processor.graph_runner._instantiated_nodes.values()
              if isinstance(n._component, RulePolicy))
chance = random.Random(7)
every = [states for lookup in policy.lookup.values() if isinstance(lookup, dict)
         for states in map(RulePolicy._rule_key_to_state, lookup)]
parts = sorted({(part, name) for states in every for state in states for part in state for name in state[part]})
values = {place: [state[place[0]][place[1]] for states in every for state in states
                  if place[1] in state.get(place[0], {})] for place in parts}
def change(state):
    state = {part: dict(names) for part, names in state.items()}
    part, name = chance.choice(parts)
    value = chance.choice([None, *values[part, name]])
    state.setdefault(part, {}).pop(name, None)
    if value is not None:
        state[part][name] = tuple(value) if isinstance(value, list) else value
    return {part: names for part, names in state.items() if names}
found = asked = 0
for lookup in (policy.lookup["rules"], policy.lookup["rules_for_loop_unhappy_path"]):
    for _ in range(500):
        states = list(chance.choice(every)[-chance.randint(1, 4):])
        if chance.random() < 0.5:
            states = [*chance.choice(every)[:2], *states]
        for _ in range(chance.randint(0, 2)):
            at = chance.randrange(len(states))
            states[at] = change(states[at])
        if chance.random() < 0.2:
            at = chance.randrange(len(states))
            states[at] = {part: names for part, names in states[at].items() if part != "prev_action"}
        theirs = policy._get_possible_keys(lookup, states)
        assert _find_possible_keys(policy, lookup, states) == theirs, states
        found, asked = found + len(theirs), asked + 1
    assert _find_possible_keys(policy, lookup, []) == policy._get_possible_keys(lookup, [])
import json
odd = {json.dumps(states): "action_listen" for states in (
    [{"user": {"intent": "greet"}}],
    [{"prev_action": {"action_text": "x"}, "user": {"intent": "greet"}}],
    [{"prev_action": {"action_name": "a"}}],
    [{"slots": {"s": [1.0]}}, {"prev_action": {"action_name": "a"}, "user": {"intent": "should_not_be_set"}}],
)}
for user in ({}, {"user": {"intent": "greet"}}, {"user": {"intent": "other"}}):
    for action in ({}, {"action_text": "x"}, {"action_name": "a"}, {"action_name": "a", "action_text": "x"}):
        states = [{"slots": {"s": (1.0,)}}, {**user, **({"prev_action": action} if action else {})}]
        for cut in (states, states[1:]):
            assert _find_possible_keys(policy, odd, cut) == policy._get_possible_keys(odd, cut), cut
print(asked, found)
""")
    asked, found = map(int, shown.split())
    assert asked == 1000
    assert found > 300, "states that no rule fits show little"


def test_the_graph_gives_the_same_as_rasas_own_runner() -> None:
    shown = run_inside("""
from bot.engine import quick_graph
from bot.engine.state import build_tracker
from rasa.core.channels.channel import UserMessage
from rasa.engine.runner.dask import DaskGraphRunner
theirs = asyncio.run(load_agent(model_path=str(model)))
quick_graph.install()
ours = asyncio.run(load_agent(model_path=str(model)))
assert type(theirs.processor.graph_runner) is DaskGraphRunner
assert type(ours.processor.graph_runner) is quick_graph.DirectGraphRunner
given = {"language": "en", "channel": "sms", "now": "2026-11-21T18:00:00+00:00"}
async def answer(agent, text):
    tracker = build_tracker("turn", {}, given, agent.domain)
    parsed = await agent.processor.parse_message(UserMessage(text), tracker)
    await agent.processor._handle_message_with_tracker(UserMessage(text), tracker)
    predicted = agent.processor._predict_next_with_tracker(tracker)
    parsed.pop("message_id", None)
    events = [event.as_dict() | {"timestamp": 0} for event in predicted.events]
    return parsed, predicted.probabilities, predicted.policy_name, events
texts = ["hi", "im hungry where can i get food", "necesito donde dormir", "who can see this", "", "zzz qqq", "/restart"]
for text in texts:
    one, other = asyncio.run(answer(theirs, text)), asyncio.run(answer(ours, text))
    assert one == other, text
slot = ours.domain.slots[0]
import copy
same = copy.copy(slot)
assert type(same) is type(slot) and same.__dict__ == slot.__dict__ and same is not slot
print("same")
""")
    assert shown.strip().endswith("same")


def test_calls_of_actions_share_a_connection_and_one_that_was_closed_meanwhile_is_asked_anew() -> None:
    """The third call finds its connection closed, as an action server that ended leaves it."""
    shown = run_inside("""
import aiohttp
from bot.engine import kept_session
from rasa.utils.endpoints import EndpointConfig
kept_session.install()
connections = 0
async def serve(reader, writer):
    global connections
    connections += 1
    for answered in range(2):
        try:
            await reader.readuntil(b"{}")
        except asyncio.IncompleteReadError:
            break
        writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: 2\\r\\n\\r\\n{}")
    else:
        await reader.readuntil(b"{}")
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook", token="secret")
    for _ in range(2):
        assert await endpoint.request(json={}) == {}
    assert connections == 1, connections
    assert await endpoint.request(json={}) == {}
    assert connections == 2, connections
    await kept_session.close_session(endpoint)
    server.close()
    try:
        await EndpointConfig("http://127.0.0.1:1/webhook").request(json={})
    except aiohttp.ClientConnectorError:
        print("refused")
asyncio.run(main())
""")
    assert shown.strip().endswith("refused")


def test_states_and_copies_are_those_of_a_tracker_that_is_played_anew() -> None:
    """Beside Rasa's own, after each of some thousand events in any order, with forms and with what takes back."""
    shown = run_inside("""
from bot.engine import quick_turns
from bot.engine.state import build_tracker
from rasa.shared.core import events as e
from rasa.shared.core.trackers import EventVerbosity
domain = asyncio.run(load_agent(model_path=str(model))).domain
chance = random.Random(11)
form, actions, intents = domain.form_names[0], domain.action_names_or_texts, domain.intents
slots = [slot.name for slot in domain.slots]
makers = [
    lambda: e.UserUttered("x", {"name": chance.choice(intents), "confidence": 1.0}),
    lambda: e.ActionExecuted(chance.choice(["action_listen", form, chance.choice(actions)])),
    lambda: e.ActionExecuted("action_listen"),
    lambda: e.SlotSet(chance.choice(slots), chance.choice([None, "a", True, ["a"]])),
    lambda: e.ActiveLoop(chance.choice([form, None])),
    lambda: e.ActionExecutionRejected(form), lambda: e.LoopInterrupted(True), lambda: e.ActionReverted(),
    lambda: e.UserUtteranceReverted(), lambda: e.FollowupAction("action_listen"), lambda: e.AllSlotsReset(),
    lambda: e.BotUttered("y"), lambda: e.DefinePrevUserUtteredFeaturization(False), lambda: e.Restarted(),
]
weights = [6, 6, 3, 6, 4, 2, 2, 1, 1, 1, 1, 2, 1, 1]
def describe(tracker):
    loop = tracker.active_loop and dict(vars(tracker.active_loop))
    slots = [dict(slot.__dict__) for slot in tracker.slots.values()]
    return (type(tracker), tracker.current_state(EventVerbosity.ALL), slots,
            loop, tracker.latest_action, tracker.followup_action, tracker.is_paused(), tracker.model_id)
given = {"language": "en", "channel": "sms", "now": "2026-11-21T18:00:00+00:00"}
compared = 0
for _ in range(80):
    tracker = build_tracker("turn", {}, given, domain)
    tracker.model_id = "model"
    for make in chance.choices(makers, weights, k=20):
        tracker.update(make())
        omit = chance.random() < 0.3
        assert quick_turns._list_states(domain, tracker, omit) == quick_turns._STATES(domain, tracker, omit)
        quick_turns._list_states(domain, tracker)[0].clear()
        before = describe(tracker)
        ours, theirs = quick_turns._copy_tracker(tracker), tracker.travel_back_in_time(float("inf"))
        assert describe(ours) == describe(theirs)
        more = chance.choice(makers)()
        ours.update(more)
        theirs.update(more)
        assert describe(ours) == describe(theirs)
        assert quick_turns._list_states(domain, ours) == quick_turns._STATES(domain, theirs)
        assert describe(tracker) == before
        compared += 1
print(compared)
""")
    assert int(shown) == 1600


def test_an_actions_answer_that_is_taken_at_a_glance_is_one_that_the_schema_takes() -> None:
    shown = run_inside("""
from bot.engine.remote_actions import is_plain
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
schema = RemoteAction.action_response_format_spec()
validator = validator_for(schema)(schema)
slot = {"event": "slot", "timestamp": None, "name": "area", "value": "NV"}
assert is_plain({"events": [slot], "responses": [{"custom": {}}]}) and is_plain({"events": [], "responses": []})
odd = [None, True, 1, 1.5, "slot", [], {}, "user", {"a": 1}]
plain = 0
for change in [*slot, "metadata", "parse_data"]:
    for value in [*odd, "nothing"]:
        event = {**slot, change: value}
        if value == "nothing":
            event.pop(change)
        for answer in ({"events": [event], "responses": []}, {"events": [slot, event], "responses": [value]},
                       {"events": value, "responses": []}, {"events": [], "responses": value}, value):
            plain += is_plain(answer)
            assert not is_plain(answer) or validator.is_valid(answer), answer
print(plain)
""")
    assert int(shown) > 20


def test_a_served_engine_answers_and_has_loaded_nothing_that_it_is_spared() -> None:
    ensure_model()
    shown = run_inside(
        """
agent = asyncio.run(load_agent(model_path=str(model)))
parsed = asyncio.run(agent.parse_message("im hungry where can i get food"))
tops = {name.partition(".")[0] for name, module in sys.modules.items() if not isinstance(module, absent._AbsentModule)}
assert not tops & spared.PACKAGES, tops & spared.PACKAGES
assert not tops & {"setuptools", "pyparsing"}, "they come with imports that have a stand-in"
print(parsed["intent"]["name"])
""",
        begin="""
import asyncio, os, sys
from bot.engine import absent, launcher, serve, spared
os.environ["PORCHLIGHT_RASA_TOKEN"] = os.environ["PORCHLIGHT_ACTIONS_TOKEN"] = "t" * 40
from bot.training import get_model
model = get_model(launcher.ROOT)
spared.install()
launcher.prepare(serving=True)
app = serve._build_app(model, launcher.ROOT)
assert {route.path for route in app.router.routes} == {"", "healthz", "readyz", "turn"}, app.router.routes
from rasa.core.agent import load_agent
""",
    )
    assert shown.strip().endswith("food")
