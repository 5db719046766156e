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


def run_inside(source: str) -> str:
    """What a script in the engine's environment prints; it fails if the script does."""
    ensure_model()
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", _BEGIN + source],
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
