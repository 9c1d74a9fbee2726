"""Every refusal as `application/problem+json`, in the caller's language: the API's, and that of plain views.

`exception_handler` serves DRF, `ProblemMiddleware` plain Django views that raise a `Refusal`, and the
`handler4xx` functions (named in the root urls) what is refused before any view is reached. A browser
that asks for a page gets `problem.html` with the same words.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from itinera.kit.errors import Problem, Refusal

CONTENT_TYPE = "application/problem+json"

log = logging.getLogger(__name__)


def body_of(problems: Sequence[Problem], status: int) -> dict[str, object]:
    """The body of an answer: the first problem's keys, and all of them when there are several."""
    first = {key: value for key, value in problems[0].as_dict().items() if key != "severity"}
    body: dict[str, object] = {"status": status, **first}
    if len(problems) > 1:
        body["problems"] = [problem.as_dict() for problem in problems]
    return body


def problem_response(problems: Sequence[Problem], status: int) -> JsonResponse:
    """A plain Django answer in this form."""
    answer = JsonResponse(body_of(problems, status), status=status, json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = CONTENT_TYPE
    return answer


def exception_handler(exc: Exception, _context: dict[str, Any]) -> Response | None:
    """DRF's handler. What is not understood here is a bug: None lets Django log it and answer 500."""
    found = understand(exc)
    if found is None:
        return None
    problems, status = found
    set_rollback()
    return Response(body_of(problems, status), status, headers=_headers(exc), content_type=CONTENT_TYPE)


def understand(exc: Exception) -> tuple[tuple[Problem, ...], int] | None:
    """The problems and the status of an exception that means a refusal, else None."""
    if isinstance(exc, Refusal):
        return exc.problems, exc.status
    if isinstance(exc, exceptions.ValidationError):
        return tuple(_flatten(exc.get_full_details(), "")), exc.status_code
    if isinstance(exc, Http404 | exceptions.NotFound):
        return (Problem("not_found", _("There is no such thing here, or not any more.")),), 404
    if isinstance(exc, exceptions.NotAuthenticated):
        return (Problem("not_authenticated", _("Log in first, or send a token.")),), exc.status_code
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return (Problem("permission_denied", _("You do not have the right to do this.")),), 403
    if isinstance(exc, RequestDataTooBig):
        return (Problem("too_large", _("The request is too large.")),), 413
    if isinstance(exc, exceptions.Throttled):
        words = _("Too many requests. Try again in %(seconds)d seconds.")
        return (Problem("throttled", words % {"seconds": int(_headers(exc).get("Retry-After", 1))}),), exc.status_code
    if isinstance(exc, exceptions.APIException):
        return (Problem(_code(exc), str(exc.detail)),), exc.status_code
    return None


def _code(exc: exceptions.APIException) -> str:
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else exc.default_code


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _flatten(details: Any, path: str) -> Iterator[Problem]:
    """DRF's nested errors as problems with a path such as `identities[2].value`."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield Problem(details["code"], str(details["message"]), path or None)
    elif isinstance(details, dict):
        for key, inner in details.items():
            yield from _flatten(inner, _joined(path, key))
    elif all(isinstance(each, dict) and set(each) == {"message", "code"} for each in details):
        for each in details:
            yield from _flatten(each, path)
    else:
        for index, each in enumerate(details):
            yield from _flatten(each, f"{path}[{index}]")


def _joined(path: str, key: str | int) -> str:
    if key == "non_field_errors":
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program: an address of the API, or one that does not ask for a page."""
    if request.path.startswith("/api/"):
        return True
    kinds = ("text/html", "application/json", CONTENT_TYPE)
    return request.get_preferred_type(kinds) in kinds[1:]


def refuse(request: HttpRequest, problems: Sequence[Problem], status: int) -> HttpResponse:
    """The answer to a refused request, as JSON or as a page, whatever was asked for."""
    if wants_json(request):
        return problem_response(problems, status)
    return render(request, "problem.html", {"problems": problems, "status": status}, status=status)


class ProblemMiddleware(MiddlewareMixin):
    """Turns a `Refusal` raised by a plain Django view into its answer."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refuse(request, exception.problems, exception.status)
        return None


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused by Django itself: a suspicious host, too many fields, too large a body."""
    found = understand(exception)
    problems, status = found or ((Problem("bad_request", _("The request is malformed.")),), 400)
    return refuse(request, problems, status)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # named by Django
    return refuse(request, [Problem("permission_denied", _("You do not have the right to do this."))], 403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # named by Django
    return refuse(request, [Problem("not_found", _("There is no such thing here, or not any more."))], 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Our fault. Django has logged it with its traceback; the caller learns no inner detail."""
    words = _("Something went wrong on our side. It has been logged; nothing of this request was kept.")
    return refuse(request, [Problem("internal", words)], 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`settings.CSRF_FAILURE_VIEW`."""
    words = _("The page was open for too long or was sent from elsewhere. Reload it and try again.")
    log.info("csrf refused: %s", reason)
    return refuse(request, [Problem("csrf", words)], 403)
