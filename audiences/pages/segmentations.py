"""Models of customers: the list, the figures of a day, who moved where between two days."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from audiences.models import EventType, Segmentation, SegmentationRun
from audiences.models.segmentation import SEGMENTATION_TYPES
from audiences.pages.audiences import is_built
from audiences.pages.charts import line
from audiences.segmentations import actions
from audiences.segmentations.documents import read_segmentation, read_wish
from audiences.segmentations.reports import cells_report, flow_report, history_report
from itinera.access.permissions import PermissionPage, page
from itinera.kit import clock
from itinera.kit.errors import Problem, Refusal
from itinera.kit.models import Job

SEE, DO, CHANGE = "audiences.view_segmentation", "audiences.run_segmentation", "audiences.change_segmentation"
_MONTH = timedelta(days=30)
_SHARES = 5  # shades of the table of moves


class SegmentationListPage(PermissionPage, TemplateView):
    permission = SEE
    template_name = "audiences/segmentations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = SegmentationRun.objects.order_by("segmentation_id", "-day").distinct("segmentation_id")
        runs = {run.segmentation_id: run for run in latest}
        rows = [(each, runs.get(each.pk)) for each in Segmentation.objects.order_by("name")]
        return super().get_context_data(section="audiences", tab="segmentations", rows=rows, **kwargs)


class SegmentationPage(PermissionPage, TemplateView):
    """The figures of a day against another, and the moves between the two."""

    permission = SEE
    template_name = "audiences/segmentation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = _one(kwargs["slug"])
        job = Job.objects.filter(subject=f"segmentation:{row.slug}").first()
        context: dict[str, Any] = {"segmentation": row, "job": job, "is_built": is_built()}
        newest = row.runs.order_by("-day").first()
        if newest is not None:
            context |= _figures(row, self._day("to", newest.day), self._day("from", newest.day - _MONTH))
        return super().get_context_data(section="audiences", tab="segmentations", **context, **kwargs)

    def _day(self, name: str, otherwise: date) -> date:
        try:
            return parse_date(self.request.GET.get(name, "")) or otherwise
        except ValueError:
            return otherwise


def _figures(row: Segmentation, last: date, first: date) -> dict[str, Any]:
    oldest = row.runs.order_by("day").values_list("day", flat=True)[0]
    first, last = max(min(first, last), oldest), max(last, oldest)
    cells = cells_report(row, last, first)
    flows = flow_report(row, first, last)
    history = history_report(row, None, last)
    return {
        "cells": cells,
        "most": max((cell["stock"] for cell in cells["cells"]), default=0),
        "flow": [_row(flows, place) for place in range(len(flows["rows"]))],
        "flows": flows,
        "from": flows["from"]["day"],
        "to": cells["run"]["day"],
        "lines": _lines(history),
    }


def _row(flows: dict[str, Any], place: int) -> dict[str, Any]:
    """One line of the table of moves, with the shade of each figure."""
    rates = flows["rates"][place] if place < len(flows["rates"]) else [None] * len(flows["columns"])
    cells = [
        {"n": n, "rate": rate, "shade": 0 if not rate else min(_SHARES, 1 + int(rate * _SHARES)), "column": column}
        for n, rate, column in zip(flows["moves"][place], rates, flows["columns"], strict=True)
    ]
    return {"row": flows["rows"][place], "cells": cells}


def _lines(history: dict[str, Any]) -> list[dict[str, Any]]:
    """The course of each cell's stock."""
    found = []
    for cell in history["cells"]:
        drawn = line([(day["at"], day["stocks"].get(cell["cell"], 0)) for day in history["days"]])
        if drawn is not None:
            found.append({"label": cell["label"], "chart": drawn})
    return found


class SegmentationFormPage(PermissionPage, TemplateView):
    """A new one (by a few choices) or an old one (its settings as they are kept)."""

    permission = CHANGE
    template_name = "audiences/segmentation_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = _one(kwargs["slug"]) if "slug" in kwargs else None
        given = kwargs.pop("given", None) or _given(row)
        return super().get_context_data(
            section="audiences", tab="segmentations", segmentation=row, given=given, types=SEGMENTATION_TYPES,
            events=EventType.objects.order_by("name"), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        row = _one(kwargs["slug"]) if "slug" in kwargs else None
        given = request.POST.dict()
        try:
            slug = _save(request, row, given)
        except Refusal as refusal:
            context = self.get_context_data(given=given, problems=refusal.problems, **kwargs)
            return self.render_to_response(context, status=refusal.status)
        return redirect("segmentation", slug=slug)


def _given(row: Segmentation | None) -> dict[str, Any]:
    if row is None:
        return {"type": "rfm", "event": "order_paid", "amount": "amount", "every": "0 2 * * *"}
    config = json.dumps(row.config, ensure_ascii=False, indent=2)
    return {"name": row.name, "slug": row.slug, "every": row.every or "", "config": config}


def _save(request: HttpRequest, row: Segmentation | None, given: dict[str, Any]) -> str:
    kind = row.type if row else given.get("type", "rfm")
    document = {
        "slug": row.slug if row else given.get("slug", "").strip(),
        "name": given.get("name", "").strip(),
        "type": kind,
        "config": _read_config(given["config"]) if given.get("config") else _preset(kind, given),
        "every": given.get("every", "").strip() or None,
    }
    if row is None and Segmentation.objects.filter(slug=document["slug"]).exists():
        words = _("There is a segmentation of this short name already.")
        raise Refusal.because("slug_taken", words, path="slug", status=409)
    actions.save(request.user, read_segmentation(document))
    return str(document["slug"])


def _read_config(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        words = _("The settings are no valid JSON: line %(line)d, column %(column)d.")
        place = {"line": error.lineno, "column": error.colno}
        raise Refusal(Problem("bad_json", words % place, "config")) from None


def _preset(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """What a few choices come to."""
    event = given.get("event", "").strip()
    if kind == "lifecycle":
        signs = [each.strip() for each in given.get("interest", "").replace("，", ",").split(",") if each.strip()]
        return {"aipl": {"purchase": event, **({"interest": signs} if signs else {})}}
    if kind == "rfm":
        return {"purchase": {"event": event, "amount": given.get("amount", "").strip()}}
    raise Refusal.because("missing_key", _("A grid needs its settings as JSON."), path="config")


@page(DO)
@require_POST
def run(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Run it now."""
    actions.run(request.user, _one(slug), clock.now())
    return redirect("segmentation", slug=slug)


@page("audiences.add_audience")
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Keep the people of a figure as an audience."""
    row = _one(slug)
    given = request.POST
    at = {"day": given.get("day"), "cell": given.get("cell") or None}
    then = {"day": given.get("then"), "cell": given.get("then_cell") or None} if given.get("then") else None
    wish = {"slug": given.get("slug", "").strip(), "name": given.get("name", "").strip(), "at": at}
    try:
        made = actions.keep_people(
            request.user, row, read_wish({**wish, **({"then": then} if then else {})}), clock.now()
        )
    except Refusal as refusal:
        return render(request, "problem.html", {"problems": refusal.problems}, status=refusal.status)
    return redirect("audience", slug=made.slug)


def _one(slug: str) -> Segmentation:
    found = Segmentation.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
