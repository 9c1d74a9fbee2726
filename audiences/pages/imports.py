"""Imports: bring a file, say what its columns mean, look what would come of it, let it run, mend what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from audiences.imports.keep import LARGEST, keep
from audiences.imports.preview import Preview, preview
from audiences.imports.run import forget, set_mapping, start
from audiences.kinds import KINDS
from audiences.models import AttributeType, EventType
from audiences.models.upload import Upload, UploadTarget
from audiences.pages.audiences import is_built
from itinera.access.permissions import PermissionPage, page
from itinera.kit import audit, clock
from itinera.kit.errors import Problem, Refusal
from itinera.kit.exporting import csv_lines
from itinera.kit.models import Job

PER_PAGE = 50
SEE, DO, LOOK = "audiences.view_upload", "audiences.add_upload", "audiences.view_pii"
_IDENTITIES = {
    "member_id": gettext_lazy("Member number"),
    "phone": gettext_lazy("Phone number"),
    "email": gettext_lazy("E-mail address"),
}


class ImportListPage(PermissionPage, TemplateView):
    permission = SEE
    template_name = "audiences/imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(Upload.objects.select_related("uploaded_by"), PER_PAGE).get_page(self.request.GET.get("page"))
        jobs = {job.subject: job for job in Job.objects.filter(subject__in=[f"import:{each.pk}" for each in found])}
        rows = [(each, jobs.get(f"import:{each.pk}")) for each in found]
        return super().get_context_data(
            section="audiences", tab="imports", rows=rows, page=found, targets=UploadTarget.choices,
            largest=LARGEST // 1024**2, **kwargs,
        )  # fmt: skip


@page(DO)
@require_POST
def bring(request: HttpRequest) -> HttpResponseBase:
    """Take the file, and go on to its columns."""
    file = request.FILES.get("file")
    target = request.POST.get("target", "")
    try:
        if file is None or target not in UploadTarget.values:
            raise Refusal.because("missing_key", _("Choose a file first."))
        upload = keep(str(file.name), file.chunks(), target, _person(request), clock.now())
    except Refusal as refusal:
        return _list_again(request, refusal)
    return redirect("import", number=upload.pk)


def _list_again(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    view = ImportListPage()
    view.setup(request)
    context = view.get_context_data(problems=refusal.problems)
    return render(request, ImportListPage.template_name, context, status=refusal.status)


class ImportPage(PermissionPage, TemplateView):
    """One import: its columns until it has begun, its progress and refused rows from then on."""

    permission = SEE
    template_name = "audiences/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = _one(kwargs["number"])
        job = Job.objects.filter(subject=f"import:{upload.pk}").first()
        return super().get_context_data(
            section="audiences", tab="imports", upload=upload, job=job, is_built=is_built(),
            columns=_columns(upload, kwargs.get("problems", ())), errors=upload.errors.order_by("line")[:PER_PAGE],
            meanings=meanings(upload), events=EventType.objects.order_by("name"),
            may_resume=job is not None and job.state in {"stopped", "failed"}, **kwargs,
        )  # fmt: skip


def _columns(upload: Upload, problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    told = {each.path: each.detail for each in problems}
    return [
        {"name": column, "meaning": upload.mapping.get(column, ""), "problem": told.get(column)}
        for column in upload.columns
    ]


def meanings(upload: Upload) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column can mean, in groups for a menu: value and label."""
    identities = [(f"identity:{kind}", str(_IDENTITIES.get(kind, kind))) for kind in KINDS]
    if upload.target == UploadTarget.EVENTS:
        own = [("time", _("Time of the event")), ("id", _("Id of the event")), ("event", _("Name of the event"))]
        facts = [(f"property:{column}", column) for column in upload.columns]
        return [(_("Who"), identities), (_("Event"), own), (_("Property"), facts)]
    known = [(f"attribute:{each.name}", str(each)) for each in AttributeType.objects.order_by("name")]
    named = {value for value, _label in known}
    fresh = [(value, column) for column in upload.columns if (value := f"attribute:{column}") not in named]
    own = [("tags", _("Tags")), ("zone", _("Time zone")), ("updated", _("Last changed"))]
    consents = [
        (f"consent:{channel}:marketing", _("Consent to marketing by %(channel)s") % {"channel": channel})
        for channel in ("sms", "email", "wecom", "push")
    ]
    return [(_("Who"), identities), (_("Attribute"), known), (_("New attribute"), fresh), (_("Other"), own + consents)]


@page(DO)
@require_POST
def verb(request: HttpRequest, number: int, name: str) -> HttpResponseBase:
    """Columns, start (or go on), delete: what the buttons of the page do."""
    upload = _one(number)
    try:
        if name == "columns":
            _say(request, upload)
        elif name == "start":
            start(upload, _person(request), clock.now())
        else:
            forget(upload, _person(request), clock.now())
    except Refusal as refusal:
        view = ImportPage()
        view.setup(request, number=number)
        context = view.get_context_data(number=number, problems=refusal.problems)
        return render(request, ImportPage.template_name, context, status=refusal.status)
    return redirect("import", number=number)


def _say(request: HttpRequest, upload: Upload) -> None:
    mapping = {column: request.POST.get(f"column-{place}", "") for place, column in enumerate(upload.columns)}
    set_mapping(upload, mapping, {"event": request.POST.get("event", "").strip()}, _person(request))


@page(SEE)
@require_GET
def look(request: HttpRequest, number: int) -> HttpResponseBase:
    """The preview, as a part of the page. Cells may be phone numbers: who may not see those sees only the reasons."""
    upload = _one(number)
    found: Preview = preview(upload, clock.now())
    clear = request.user.has_perm(LOOK)
    if clear:
        audit.record(request.user, "pii.view", f"import:{upload.pk}")
    return render(request, "audiences/_preview.html", {"upload": upload, "preview": found, "clear": clear})


@page(LOOK)
@require_GET
def errors(request: HttpRequest, number: int) -> HttpResponseBase:
    """The refused rows with the reasons, as a file that can be mended and brought again."""
    upload = _one(number)
    audit.record(request.user, "pii.export", f"import:{upload.pk}")
    header = [*upload.columns, _("Line"), _("Reason"), _("Column"), _("Code")]
    answer = StreamingHttpResponse(csv_lines(header, _refused(upload)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{upload.pk}-refused.csv"'
    return answer


def _refused(upload: Upload) -> Iterator[list[object]]:
    for each in upload.errors.order_by("line").iterator(chunk_size=2_000):
        cells = [*each.cells, *[""] * (len(upload.columns) - len(each.cells))][: len(upload.columns)]
        yield [*cells, each.line, each.detail, each.column or "", each.code]


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _one(number: int) -> Upload:
    found = Upload.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found
