"""Long jobs: how far one has come, and its stop button; over the API, and as a part of pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itinera.access.permissions import page, requires
from itinera.kit import clock, jobs
from itinera.kit.errors import Refusal
from itinera.kit.models import Job


class JobView(serializers.Serializer[Any]):
    """A job: `done` of `total` (null: not known yet) in units of its kind; `code` and `detail` say why it failed."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    result = serializers.JSONField()
    code = serializers.CharField()
    detail = serializers.CharField()
    asked_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class JobDetail(APIView):
    """How far a job has come."""

    permission_classes = [requires("kit.view_job", "read")]

    @extend_schema(responses=JobView)
    def get(self, request: Request, number: int) -> Response:
        return Response(JobView(_job(number)).data)


class JobStop(APIView):
    """Stop a job after its present slice. What it has done until then stays."""

    permission_classes = [requires("kit.change_job", "operate")]

    @extend_schema(request=None, responses=JobView)
    def post(self, request: Request, number: int) -> Response:
        job = jobs.stop(_job(number).pk, request.user, clock.now())
        return Response(JobView(job).data)


def _job(number: int) -> Job:
    found = Job.objects.filter(pk=number).first()
    if found is None:
        raise Refusal.because("not_found", _("There is no such job."), status=404)
    return found


@page("kit.view_job")
@require_GET
def job_part(request: HttpRequest, number: int) -> HttpResponseBase:
    """The progress of a job, which pages fetch again and again. Once it is over the page itself is shown anew."""
    job = _job(number)
    answer = render(request, "_job.html", {"job": job})
    if not job.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@page("kit.change_job")
@require_POST
def stop_job(request: HttpRequest, number: int) -> HttpResponseBase:
    """The stop button of a page; leads back to it. A job that ended meanwhile is as good as stopped."""
    job = _job(number)
    if job.is_open:
        jobs.stop(job.pk, request.user, clock.now())
    back = request.META.get("HTTP_REFERER", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
