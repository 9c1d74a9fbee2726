"""`{"message": NODE, "is": OUTCOME}`: what became of the message of a node of this walk.

`sent` is one that policy let through and that nothing has stopped since, also while it is still on its way;
`delivered` needs a receipt, or an answer that could not come without. In a replay both hold at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, runtime_checkable

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from numpy.typing import NDArray

from audiences.rules.ast import Message
from audiences.rules.catalogue import Catalogue
from audiences.rules.forms import Choice
from audiences.rules.hints import OUTCOMES
from audiences.rules.leaves.base import LEAVES, ColumnLeaf
from audiences.rules.people import People, Question, Truth, Walks
from audiences.rules.speech import Speech
from audiences.rules.words import quoted
from channels_out.models import MessageStatus
from itinera.kit.errors import Problem
from itinera.kit.wire import Cursor

_ANSWERS = {"opened": "message.opened", "clicked": "message.clicked", "replied": "message.replied"}
_STATUSES: Mapping[str, tuple[MessageStatus, ...]] = {
    "sent": (
        MessageStatus.QUEUED, MessageStatus.CLAIMED, MessageStatus.CALLING, MessageStatus.SENT,
        MessageStatus.DELIVERED, MessageStatus.UNKNOWN,
    ),
    "delivered": (MessageStatus.DELIVERED,),
    "failed": (MessageStatus.FAILED,),
    "capped": (MessageStatus.CAPPED,),
    "skipped": (MessageStatus.SKIPPED,),
    "unreachable": (MessageStatus.UNREACHABLE,),
}  # fmt: skip


@runtime_checkable
class MessageWalks(Walks, Protocol):
    """What walks tell of their messages: `journeys.engine.walks`."""

    def statuses(self, cursor: Cursor, node: str) -> NDArray[np.int64]: ...
    def held(self, node: str) -> NDArray[np.bool_]: ...
    def answered(self, cursor: Cursor, node: str, event: str) -> NDArray[np.bool_]: ...


class MessageLeaf(ColumnLeaf[Message]):
    key = "message"
    label = gettext_noop("Message of this journey")
    parts = (Choice("message", "name", gettext_noop("node")), Choice("is", "choices", choices=OUTCOMES))
    journeys_only = True

    def check(self, leaf: Message, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        """Whether there is such a node is the canvas's to say."""
        return iter(())

    def question(self, leaf: Message, catalogue: Catalogue) -> Question:
        def truth(cursor: Cursor, people: People) -> Truth:
            # Outside of a walk there is no message of one.
            nobody = np.zeros(len(people), dtype=bool)
            return _became(leaf, people.walks, cursor) if isinstance(people.walks, MessageWalks) else nobody

        return Question(truth, is_volatile=True)

    def describe(self, leaf: Message, speech: Speech) -> str:
        names = {"node": quoted(leaf.message), "outcome": _(OUTCOMES[leaf.is_])}
        return _("the message of node %(node)s: %(outcome)s") % names


def _became(leaf: Message, walks: MessageWalks, cursor: Cursor) -> Truth:
    if leaf.is_ == "held":
        return walks.held(leaf.message)
    if leaf.is_ in _ANSWERS:
        return walks.answered(cursor, leaf.message, _ANSWERS[leaf.is_])
    found: Truth = np.isin(walks.statuses(cursor, leaf.message), _STATUSES[leaf.is_])
    if leaf.is_ == "delivered":
        for event in _ANSWERS.values():
            found |= walks.answered(cursor, leaf.message, event)
    return found


LEAVES.register(MessageLeaf.key, MessageLeaf())
