"""The one door to a conversation: only the advocate who holds it comes in (A9)."""

from starlette.exceptions import HTTPException

from console.context import Visit
from console.ports import Listed
from hotline.conversations import Owner
from hotline.messages import ConversationId


async def access_conversation_by_id(visit: Visit) -> Listed:
    """The conversation in the request's path, if this advocate holds it.

    Raises HTTPException 404 for any other, so that nobody learns whether it exists.
    """
    conversation = ConversationId(visit.request.path_params["conversation"])
    listed = await visit.console.desk.find(conversation)
    if listed is None or listed.owner is not Owner.WITH_ADVOCATE or listed.advocate != visit.advocate.name:
        raise HTTPException(404)
    return listed
