"""Roles: groups with a fixed set of permissions. `manage.py roles` keeps them so.

Permissions are named here and declared by the apps that own them; the right to see personal data is a
role of its own, given on top, so that no other role brings it along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SEE_WORK = (
    "kit.view_job",
    "audiences.view_audience",
    "audiences.view_tag",
    "audiences.view_lookuptable",
    "audiences.view_segmentation",
    "audiences.view_segmentationrun",
    "journeys.view_journey",
    "journeys.view_version",
    "audiences.view_profile",
    "audiences.view_eventtype",
    "audiences.view_attributetype",
    "channels_out.view_message",
    "channels_out.view_template",
    "channels_out.view_cap",
    "channels_out.view_quiethours",
)
_SEE_TROUBLE = ("audiences.view_rejectedrow", "journeys.view_walkerror", "channels_out.view_attempt")
_SEE_STATE = (
    "journeys.view_enrolment",
    "journeys.view_tally",
    "journeys.view_schedulerun",
    "journeys.view_chunk",
    "audiences.view_identity",
    "audiences.view_event",
    "audiences.view_consentchange",
    "audiences.view_profilechange",
    "audiences.view_merge",
    "audiences.view_audiencerefresh",
)
_RUN_SITE = (
    *(
        f"channels_out.{verb}_{noun}"
        for noun in ("account", "template", "cap", "quiethours")
        for verb in ("view", "add", "change", "delete")
    ),
    *(f"audiences.{verb}_{noun}" for noun in ("eventtype", "attributetype") for verb in ("add", "change")),
    "audiences.add_event",
    "audiences.add_profile",
    "audiences.view_workspace",
    "audiences.change_workspace",
    "audiences.view_feed",
    "audiences.view_shard",
    "audiences.view_mergerequest",
    "audiences.merge_profile",
    "audiences.delete_audience",
    "audiences.export_audience",
    "audiences.delete_tag",
    "audiences.add_lookuptable",
    "audiences.delete_lookuptable",
    "audiences.delete_segmentation",
    *(f"auth.{verb}_user" for verb in ("view", "add", "change")),
    "auth.view_group",
    *(f"access.{verb}_apitoken" for verb in ("view", "add", "change")),
    "kit.view_auditentry",
    *(
        f"django_celery_beat.{verb}_{noun}"
        for noun in ("periodictask", "intervalschedule", "crontabschedule")
        for verb in ("view", "add", "change", "delete")
    ),
    *(f"axes.{verb}" for verb in ("view_accessattempt", "delete_accessattempt", "view_accesslog")),
)
_DRAW = ("journeys.add_journey", "journeys.change_journey")
_GATHER = (
    "kit.change_job",
    "audiences.add_audience",
    "audiences.change_audience",
    "audiences.refresh_audience",
    "audiences.add_tag",
    "audiences.change_tag",
    "audiences.change_lookuptable",
    "audiences.view_upload",
    "audiences.add_upload",
    "audiences.add_segmentation",
    "audiences.change_segmentation",
    "audiences.run_segmentation",
)
_DECIDE = ("journeys.publish_journey", "journeys.pause_journey")


@dataclass(frozen=True, slots=True)
class Role:
    """A group's label, what it is for, and all its permissions (`app_label.codename`)."""

    label: Promise | str
    purpose: Promise | str
    permissions: tuple[str, ...]


ROLES: Mapping[str, Role] = {
    "operator": Role(
        _("Operations"),
        _("Builds audiences and tags, draws and tests journeys, reads results, can pause a journey."),
        (*_SEE_WORK, *_SEE_TROUBLE, *_DRAW, *_GATHER, "journeys.pause_journey"),
    ),
    "reviewer": Role(
        _("Reviewer"),
        _("Publishes what others have drawn; pauses and resumes."),
        (*_SEE_WORK, *_SEE_TROUBLE, *_DECIDE),
    ),
    "guide": Role(_("Store guide"), _("Sees and does own tasks."), ()),
    "manager": Role(
        _("Store or regional manager"),
        _("Sees journeys and messages, changes nothing."),
        ("journeys.view_journey", "channels_out.view_message"),
    ),
    "analyst": Role(
        _("Analyst"),
        _("Reads everything with names masked, changes nothing."),
        (*_SEE_WORK, *_SEE_TROUBLE, *_SEE_STATE),
    ),
    "admin": Role(
        _("Administrator"),
        _("Channels, credentials, caps, people and their roles, schedules, audit."),
        (*_SEE_WORK, *_SEE_TROUBLE, *_SEE_STATE, *_DRAW, *_GATHER, *_DECIDE, *_RUN_SITE),
    ),
    "privacy": Role(
        _("Personal data"),
        _("On top of another role: sees phone numbers and e-mail addresses; each look is audited."),
        ("audiences.view_pii",),
    ),
}


class UnknownPermissions(Exception):
    """The table names permissions that no installed model declares."""


@transaction.atomic
def keep_roles() -> list[str]:
    """Make every role's group hold exactly its permissions; the names of the roles that were changed."""
    known = {
        f"{app}.{code}": pk
        for pk, app, code in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    wanted = {name: set(role.permissions) for name, role in ROLES.items()}
    if missing := sorted(set().union(*wanted.values()) - known.keys()):
        raise UnknownPermissions(", ".join(missing))
    changed = []
    for name, permissions in wanted.items():
        group, made = Group.objects.get_or_create(name=name)
        target = {known[permission] for permission in permissions}
        if made or set(group.permissions.values_list("pk", flat=True)) != target:
            group.permissions.set(target)
            changed.append(name)
    return changed
