"""The one door to a conversation: only those who have it, or hold it after its end, come in (A9, A4)."""

from starlette.exceptions import HTTPException

from console.context import Visit
from console.ports import Listed
from hotline.conversations import Owner
from hotline.messages import ConversationId


async def access_conversation_by_id(visit: Visit) -> Listed:
    """The conversation in the request's path, if this advocate has it, is the second in it, or holds it after its end.

    Raises HTTPException 404 for any other, so that nobody learns whether it exists.
    """
    conversation = ConversationId(visit.request.path_params["conversation"])
    listed = await visit.console.desk.find(conversation)
    if listed is None or not may_read(listed, visit.advocate.name):
        raise HTTPException(404)
    return listed


def may_read(listed: Listed, name: str) -> bool:
    """True for who comes in by the door."""
    return name in _readers(listed)


def _readers(listed: Listed) -> set[str | None]:
    if listed.owner is Owner.WITH_ADVOCATE:
        return {listed.advocate, listed.partner}
    return {listed.held_by} if listed.owner in {Owner.LEFT, Owner.CLOSED} else set()
