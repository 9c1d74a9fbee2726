"""Answers with people in them: masked unless the caller may see, and then audited; paged by an opaque cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from audiences.models.profile import SHARDS
from audiences.paging import Place, Read, page
from audiences.shown import shown
from itinera.access.modeladmin import CLEAR
from itinera.kit import audit
from itinera.kit.errors import Refusal
from itinera.kit.wire import django_cursor

USUAL, MOST = 100, 1_000
PAGED = [OpenApiParameter("cursor", str), OpenApiParameter("limit", int)]


def people(request: Request, subject: str, profiles: Iterable[int]) -> list[dict[str, Any]]:
    """Some people as the caller may see them. `subject` is what the trail calls the list that they are on."""
    clear = request.user.has_perm(CLEAR)
    found = shown(django_cursor(), profiles, clear=clear)
    if clear and found:
        audit.record(request.user, "pii.view", subject, after={"ids": [each["id"] for each in found]})
    return found


def people_page(request: Request, subject: str, read: Read) -> Response:
    """One page of members, with the address of the next one."""
    ids, rest = page(read, _place(request), number(request, "limit", USUAL, MOST))
    following = None
    if rest is not None:
        text = base64.urlsafe_b64encode(f"{rest.shard}.{rest.after}".encode()).decode()
        following = replace_query_param(request.build_absolute_uri(), "cursor", text)
    return Response({"next": following, "previous": None, "results": people(request, subject, ids)})


def number(request: Request, name: str, usual: int, most: int) -> int:
    """A whole number from 1 to `most` in the query; `usual` if it is not there."""
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not text.isdecimal() or not 1 <= int(text[:9]) <= most or len(text) > 9:
        words = _("This must be a whole number from 1 to %(most)d.") % {"most": most}
        raise Refusal.because("wrong_value", words, path=name)
    return int(text)


def _place(request: Request) -> Place:
    text = request.query_params.get("cursor")
    if text is None:
        return Place()
    try:
        shard, _dot, after = base64.urlsafe_b64decode(text.encode()).decode("ascii").partition(".")
        place = Place(int(shard), int(after))
    except (binascii.Error, ValueError):
        place = Place(-1)
    if not (0 <= place.shard < SHARDS and 0 <= place.after < 2**62):
        raise Refusal.because("wrong_value", _("This is no cursor that was given out here."), path="cursor")
    return place
