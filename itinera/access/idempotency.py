"""Writes that can be sent again: `Idempotency-Key`.

The answer is stored in the transaction of the write itself, so both are kept or neither. While a
request runs, its key is held by an advisory lock of that transaction; whoever comes meanwhile is told
to try again. A refusal changes nothing and is not kept: the same key may be used again.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itinera.access.models import KeptAnswer
from itinera.access.principal import TokenPrincipal
from itinera.kit.errors import Problem, Refusal
from itinera.kit.problem_json import problem_response

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
_LOCK_SPACE = 7_402
"""First half of the two-number advisory locks of this module."""
_KEPT_HEADERS = ("ETag", "Location")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class _Repeated(Exception):
    """Carries a kept answer from `initial` (the caller is known and allowed) out of the view."""

    def __init__(self, kept: KeptAnswer) -> None:
        self.kept = kept


class IdempotentMixin(APIView):
    """Mixin, leftmost, of every API view or viewset that writes.

    The view runs in a transaction; a status of 400 or more rolls it back.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in _SAFE or HEADER not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        try:
            _fingerprint(request)  # reads the body while it can still be read whole
        except RequestDataTooBig:
            return problem_response([Problem("too_large", _("The request is too large."))], 413)
        with transaction.atomic():
            answer = super().dispatch(request, *args, **kwargs)
            if answer.status_code >= 400:
                transaction.set_rollback(True)
            elif isinstance(answer, Response):
                _keep(self.request, answer)
        return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in _SAFE and HEADER in request.headers:
            _claim(request)

    def handle_exception(self, exc: Exception) -> Any:
        if not isinstance(exc, _Repeated):
            return super().handle_exception(exc)
        answer = HttpResponse(bytes(exc.kept.body), "application/json", exc.kept.status, headers=exc.kept.headers)
        answer["Idempotency-Replayed"] = "true"
        return answer


def forget() -> int:
    """Clear answers older than a day; the number cleared. Run hourly."""
    gone, _by_model = KeptAnswer.objects.filter(at__lt=Now() - KEPT_FOR).delete()
    return gone


def _claim(request: Request) -> None:
    """Hold the key until the transaction ends, or refuse, or end the request with its kept answer."""
    owner, key = _owner(request), request.headers[HEADER]
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise Refusal.because("bad_idempotency_key", _("An idempotency key has 1 to 200 printable characters."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, f"{owner} {key}"])
        (held,) = cursor.fetchone()
    if not held:
        words = _("The same request is being worked on. Ask again in a second.")
        raise Refusal.because("in_progress", words, status=409)
    kept = KeptAnswer.objects.filter(owner=owner, key=key, at__gte=Now() - KEPT_FOR).first()
    if kept is None:
        return
    if bytes(kept.fingerprint) != _fingerprint(request):
        words = _("This idempotency key was used for a different request.")
        raise Refusal.because("idempotency_conflict", words, status=409)
    raise _Repeated(kept)


def _keep(request: Request, answer: Response) -> None:
    KeptAnswer.objects.update_or_create(
        owner=_owner(request),
        key=request.headers[HEADER],
        defaults={
            "fingerprint": _fingerprint(request),
            "status": answer.status_code,
            "headers": {name: answer[name] for name in _KEPT_HEADERS if answer.has_header(name)},
            "body": JSONRenderer().render(answer.data),
            "at": Now(),
        },
    )


def _owner(request: Request) -> str:
    who: Any = request.user  # a person or a token
    return f"token:{who.number}" if isinstance(who, TokenPrincipal) else f"user:{who.pk}"


def _fingerprint(request: Request | HttpRequest) -> bytes:
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).digest()
