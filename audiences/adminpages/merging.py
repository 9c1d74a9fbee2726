"""One customer behind many identities: pairs that wait for a decision, and the log of merges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audiences.adminpages.people import OfProfile
from audiences.adminpages.search import profiles_found
from audiences.models import Merge, MergeRequest
from audiences.oneid import actions
from audiences.oneid.words import in_words
from itinera.access.modeladmin import ReadOnlyAdmin
from itinera.kit import clock
from itinera.kit.errors import Refusal

Verb = Callable[[Any, int, Any], object]


class Decided(ReadOnlyAdmin):
    """Rows that nobody edits, and about which somebody with the right decides: chosen, confirmed, done one by one."""

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("audiences.merge_profile"))

    def decide(
        self, request: HttpRequest, queryset: QuerySet[Any], verb: Verb, action: str, question: str | Promise
    ) -> HttpResponse | None:
        """Ask first; then do it to each row. What is refused is told, and stops none of the others."""
        if "confirmed" not in request.POST:
            asked = {"title": question, "rows": queryset, "action": action, "opts": self.opts}
            return TemplateResponse(request, "admin/confirm.html", {**self.admin_site.each_context(request), **asked})
        done = 0
        for number in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                verb(request.user, number, clock.now())
                done += 1
            except Refusal as refused:
                self.message_user(request, f"{number}: {refused.problems[0].detail}", messages.ERROR)
        self.message_user(request, gettext("Done: %(done)d.") % {"done": done}, messages.SUCCESS)
        return None


@admin.register(MergeRequest)
class MergeRequestAdmin(Decided, OfProfile):
    explanation = _(
        "Pairs of profiles that a line claimed to be one person; those that contradict wait for a decision."
    )
    list_display = ("id", "profile", "other", "state", "why", "kind", "source", "at")
    list_display_links = ("id",)
    list_filter = ("state", "kind", "at")
    ordering = ("-id",)
    actions = ("merge_anyway", "keep_apart")
    fields = ("profile", "other", "state", "why", "kind", "source", "at", "decided_by", "decided_at")
    readonly_fields = fields

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, obj: MergeRequest) -> str:
        return in_words(obj.reason)

    @admin.action(description=_("They are one person: merge"), permissions=["merge"])
    def merge_anyway(self, request: HttpRequest, queryset: QuerySet[MergeRequest]) -> HttpResponse | None:
        return self.decide(
            request, queryset, actions.merge_anyway, "merge_anyway", _("Merge each of these pairs into one profile?")
        )

    @admin.action(description=_("They are two people: keep them apart"), permissions=["merge"])
    def keep_apart(self, request: HttpRequest, queryset: QuerySet[MergeRequest]) -> HttpResponse | None:
        return self.decide(
            request, queryset, actions.keep_apart, "keep_apart", _("Keep these pairs apart, whatever lines say later?")
        )


@admin.register(Merge)
class MergeAdmin(Decided):
    explanation = _("Who was merged into whom, when and why; within thirty days it can be undone.")
    list_display = ("id", "merged_id", "survivor_id", "at", "kind", "source", "by", "undone_at", "undone_by")
    list_filter = ("kind", "at", "undone_at")
    search_fields = ("id",)
    search_help_text = _("A profile's number, or a whole identity such as M1001 or phone:+8613812341234.")
    ordering = ("-id",)
    actions = ("undo",)
    # What the log keeps of a person is for undoing alone.
    fields = ("merged_id", "survivor_id", "at", "kind", "source", "by", "undone_at", "undone_by")
    readonly_fields = fields

    @admin.action(description=_("Undo: they are two people"), permissions=["merge"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Merge]) -> HttpResponse | None:
        question = _("Undo these merges? Walks under way, and all that came since, stay with whoever stayed.")
        return self.decide(request, queryset, actions.undo_merge, "undo", question)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = profiles_found(search_term) if search_term else []
        about = Q(merged_id__in=found) | Q(survivor_id__in=found)
        return (queryset.filter(about) if search_term else queryset), False
