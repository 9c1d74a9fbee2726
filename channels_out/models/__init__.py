"""Messages owed, tried and answered, and what limits them. One module per noun."""

from channels_out.models.account import Account
from channels_out.models.attempt import Attempt, AttemptOutcome
from channels_out.models.cap import Cap, CapChange, CapUse
from channels_out.models.count import MESSAGE_COUNTER, MessageChange, MessageCount
from channels_out.models.message import Message, MessageStatus
from channels_out.models.quiet_hours import QuietHours
from channels_out.models.template import Template

__all__ = [
    "MESSAGE_COUNTER",
    "Account",
    "Attempt",
    "AttemptOutcome",
    "Cap",
    "CapChange",
    "CapUse",
    "Message",
    "MessageChange",
    "MessageCount",
    "MessageStatus",
    "QuietHours",
    "Template",
]
