"""After a crash: what a dead dispatcher held goes back, what it was calling is judged.

A claim that has run out was never called: it is owed again. A call that has run out is in doubt. Where the provider
can be asked, it is; where it does not deliver the same key twice, the message is sent once more; everywhere else it
ends as `unknown`, is shown, counted and never sent again blindly.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from channels_out.accounts import SendingAccount, UnusableAccount, load
from channels_out.calls import CallThread
from channels_out.models import Account
from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.owed import Opened, expired_calls, expired_claims
from channels_out.providers.base import Result
from channels_out.results import close, decide

log = logging.getLogger(__name__)

_MOST = 1_000
_ASK_SECONDS = 30.0


def run(now: datetime, calls: CallThread) -> int:
    """Look after expired claims and calls; answers how many calls were judged."""
    with transaction.atomic(), connection.cursor() as cursor:
        expired_claims(cursor, _MOST, now)
        doubtful = expired_calls(cursor, _MOST, now)
    by_account: defaultdict[int, list[Opened]] = defaultdict(list)
    for number, opened in doubtful:
        by_account[number].append(opened)
    for number, messages in by_account.items():
        account = _loaded(number)
        answers = _ask(account, messages, calls)
        if answers is None:
            continue  # ours for one lease; then they are looked at again
        idempotent = account is not None and account.capabilities.idempotent
        # The try was counted when the call was opened.
        before = [replace(each, owed=replace(each.owed, tries=each.owed.tries - 1)) for each in messages]
        pairs = zip(before, answers, strict=True)
        closings = [decide(opened, result, now, idempotent=idempotent) for opened, result in pairs]
        with transaction.atomic(), connection.cursor() as cursor:
            close(cursor, closings, now)
    return len(doubtful)


def _ask(account: SendingAccount | None, messages: list[Opened], calls: CallThread) -> list[Result] | None:
    """What is known about these calls; None if the provider can be asked but does not answer now."""
    lost = Result(Outcome.UNKNOWN, "worker_lost")
    if account is None or not account.capabilities.can_ask:
        return [lost] * len(messages)
    try:
        told = calls.ask(account, [each.owed.key for each in messages], _ASK_SECONDS)
    except TimeoutError:
        log.warning("account %s does not answer about %s messages in doubt", account.slug, len(messages))
        return None
    if any(result is not None and result.outcome != Outcome.ACCEPTED for result in told):
        return None
    return [result or Result(Outcome.RETRY, "not_received") for result in told]


def _loaded(number: int) -> SendingAccount | None:
    account = Account.objects.filter(pk=number).first()
    try:
        return load(account) if account is not None else None
    except UnusableAccount:
        return None
