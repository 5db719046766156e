"""The training gate: asked when a conversation is taken, and by the roster of readers (A7)."""

from datetime import date

from tests.console.conftest import COURSES, Stage, post, seal_reply
from tests.console.test_people import TODAY, act, give_key, is_reader


async def train(stage: Stage, name: str, until: date = date(2027, 1, 1)) -> None:
    await stage.accounts.set_training(name, {course.id: until.isoformat() for course in COURSES})


def go_live(stage: Stage) -> None:
    """The training gate stands, for taking conversations and for the roster of readers."""
    stage.practice = False
    stage.accounts._required = tuple(course.id for course in COURSES)


async def test_the_last_missing_course_puts_an_advocate_on_the_roster_and_without_it_they_leave(stage: Stage) -> None:
    """A7, P2."""
    go_live(stage)
    await give_key(stage, "robin")
    first, *others = [course.id for course in COURSES]
    await stage.accounts.set_training("robin", dict.fromkeys(others, "2027-01-01"))
    for done, on in ((TODAY, True), ("", False)):
        await act(stage, "/people/robin/training", course=first, done=done)
        assert await is_reader(stage, "robin") == on


async def test_without_training_nobody_takes_a_conversation(stage: Stage) -> None:
    """A7: the gate stops real conversations and nothing else."""
    go_live(stage)
    await stage.wait_for_advocate("c1")
    await stage.hold("c2", by="luz", transfer_to="robin")
    async with stage.log_in("robin") as client:
        for path in ("/conversations/c1/claim", "/conversations/c2/accept"):
            answer = await post(client, path)
            assert answer.headers["location"] == "/practice-line?notice=training"
        assert stage.desk.commands == []
        page = (await client.get("/practice-line")).text
        assert "these courses need a valid date" in page
        assert "Overdose" in page
        assert (await client.get("/practice-line/controlled")).status_code == 200
        await train(stage, "robin")
        for path in ("/conversations/c1/claim", "/conversations/c2/accept"):
            assert (await post(client, path)).headers["location"] == path.rpartition("/")[0]
    assert stage.audit.list_acts() == [("robin", "claimed", "c1"), ("robin", "accepted", "c2")]


async def test_nobody_is_handed_a_conversation_or_brought_into_one_without_training(stage: Stage) -> None:
    """A7: the gate is asked of the colleague who is picked, too."""
    go_live(stage)
    await train(stage, "robin")
    await stage.hold("c1")
    await stage.desk.set_present("luz", 45)
    async with stage.log_in("robin") as client:
        assert "Alias Luz" not in (await client.get("/conversations/c1/window")).text
        for path in ("pair", "transfer"):
            assert (await post(client, f"/conversations/c1/{path}", to="luz")).status_code == 400
        assert stage.desk.commands == []
        await train(stage, "luz")
        assert "Alias Luz" in (await client.get("/conversations/c1/window")).text
        await post(client, "/conversations/c1/pair", to="luz")
    assert stage.desk.open[(await stage.desk.list_open())[0].id].partner == "luz"


async def test_whose_courses_ran_out_leaves_the_roster_when_they_try(stage: Stage) -> None:
    """A7, P2."""
    go_live(stage)
    stage.clock.pass_seconds(19.75 * 3600)
    await train(stage, "robin", date(2026, 11, 21))
    await give_key(stage, "robin")
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        assert await is_reader(stage, "robin")
        stage.clock.pass_seconds(20 * 60)
        await post(client, "/conversations/c1/claim")
        assert not await is_reader(stage, "robin")


async def test_training_that_runs_out_at_midnight_does_not_take_a_texter_away(stage: Stage) -> None:
    """The gate is asked when a conversation is taken, not in the middle of one."""
    go_live(stage)
    stage.clock.pass_seconds(19.75 * 3600)
    await train(stage, "robin", date(2026, 11, 21))
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        await post(client, "/conversations/c1/claim")
        stage.clock.pass_seconds(20 * 60)
        assert (await client.get("/conversations/c1/window")).status_code == 200
        assert (
            await post(client, "/conversations/c1/reply", sealed=seal_reply(stage, "I am here."))
        ).status_code == 200
        assert stage.desk.said == ["I am here."]
        await stage.wait_for_advocate("c2")
        assert "training" in (await post(client, "/conversations/c2/claim")).headers["location"]


async def test_in_practice_the_gate_stands_open(stage: Stage) -> None:
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        assert (await post(client, "/conversations/c1/claim")).headers["location"] == "/conversations/c1"
        assert "valid date" not in (await client.get("/practice-line")).text
