"""`{"may_send": CHANNEL, "category": CATEGORY}`: whether policy would let a message through now.

Asked of the whole policy: holdout, address, suppression, consent, quiet hours, caps. Nothing is reserved.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.models import SHARDS
from audiences.rules.ast import MaySend
from audiences.rules.catalogue import Catalogue
from audiences.rules.channels import category_label, channel_label, check_channel
from audiences.rules.forms import Choice
from audiences.rules.leaves.base import LEAVES, ColumnLeaf
from audiences.rules.people import People, Question, Truth
from audiences.rules.speech import Speech
from channels_out.caps import load_caps
from channels_out.models.channel import Channel
from channels_out.policy import would_send
from channels_out.quiet import load_quiet
from channels_out.verdicts import REASONS, Intents, SendSpec, Verdict, Verdicts
from itinera.kit.errors import Problem
from itinera.kit.wire import NEVER, Cursor


class MaySendLeaf(ColumnLeaf[MaySend]):
    key = "may_send"
    label = gettext_noop("May be messaged now")
    parts = (
        Choice("may_send", "channels", gettext_noop("channel")),
        Choice("category", "categories", gettext_noop("category")),
    )
    journeys_only = True

    def check(self, leaf: MaySend, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        yield from check_channel(leaf.may_send, Channel.values, path, "may_send")

    def question(self, leaf: MaySend, catalogue: Catalogue) -> Question:
        def truth(cursor: Cursor, people: People) -> Truth:
            return np.equal(_verdicts(leaf, cursor, people).status, Verdict.SEND)

        def told(cursor: Cursor, alone: People) -> str:
            return told(REASONS[_verdicts(leaf, cursor, alone).reason[0]])

        return Question(truth, told, is_volatile=True)

    def describe(self, leaf: MaySend, speech: Speech) -> str:
        names = {"channel": channel_label(leaf.may_send), "category": category_label(leaf.category)}
        return _("%(category)s by %(channel)s may be sent now") % names


def _verdicts(leaf: MaySend, cursor: Cursor, people: People) -> Verdicts:
    walks = people.walks
    spec = SendSpec(
        channel=leaf.may_send,
        category=leaf.category,
        journey=walks.journey if walks else "",
        zone=people.zone,
        on_quiet="drop",
        caps=load_caps(cursor),
        quiet=load_quiet(cursor),
    )
    intents = Intents(
        shard=(people.profile % SHARDS).astype(np.int16),
        profile=people.profile,
        at=people.at,
        asked=walks.clock if walks else people.at,
        first_refused=np.full(len(people), NEVER),
    )
    return would_send(cursor, spec, intents, settled=walks is None or not walks.holds_shards)


LEAVES.register(MaySendLeaf.key, MaySendLeaf())
