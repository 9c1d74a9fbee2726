"""The table: every address of the site and who may use it. An address that is not here fails the test.

For people the table names a permission, for tokens a scope; which roles hold a permission is told by
`itinera.access.roles`. Addresses are those of the resolver, as `show_addresses` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Open:
    """Anybody, known or not: the reason is part of the entry."""

    why: str


@dataclass(frozen=True)
class Known:
    """Anybody who has logged in. Tokens never: they have no account."""


@dataclass(frozen=True)
class Page:
    """A page for people who hold the permission. Tokens never."""

    permission: str


@dataclass(frozen=True)
class Call:
    """A call of the API: people need the permission, tokens the scope."""

    permission: str
    scope: str


Rule = Open | Known | Page | Call

ADDRESSES: dict[str, Rule | dict[str, Rule]] = {
    # logging in
    "login/": Open("this is where one becomes known"),
    "logout/": Open("ends a session; without one it does nothing"),
    "language/": Open("sets a cookie"),
    "password/": Known(),
    # journeys
    "": Page("journeys.view_journey"),
    "journeys/": Page("journeys.view_journey"),
    "journeys/<journey:slug>/": Page("journeys.view_journey"),
    "api/v1/journeys": Call("journeys.view_journey", "read"),
    "api/v1/journeys/<slug:slug>": Call("journeys.view_journey", "read"),
    "api/v1/journeys/<slug:slug>/counts": Call("journeys.view_journey", "read"),
    "api/v1/journeys/<slug:slug>/versions": Call("journeys.view_journey", "read"),
    "api/v1/journeys/<slug:slug>/check": Call("journeys.view_journey", "read"),
    "api/v1/journeys/<slug:slug>/publish": Call("journeys.publish_journey", "operate"),
    "api/v1/journeys/<slug:slug>/pause": Call("journeys.pause_journey", "operate"),
    "api/v1/journeys/<slug:slug>/resume": Call("journeys.pause_journey", "operate"),
    "api/v1/node-types": Call("journeys.view_journey", "read"),
    # sending
    "api/v1/messages": Call("channels_out.view_message", "read"),
    "api/v1/templates": Call("channels_out.view_template", "read"),
    "api/v1/templates/<slug:slug>": Call("channels_out.view_template", "read"),
    "api/v1/caps": Call("channels_out.view_cap", "read"),
    "api/v1/quiet-hours": Call("channels_out.view_quiethours", "read"),
    "api/v1/accounts": Call("channels_out.view_account", "admin"),
    # audiences
    "api/v1/audiences": {
        "GET": Call("audiences.view_audience", "read"),
        "POST": Call("audiences.add_audience", "operate"),
    },
    "api/v1/audiences/estimate": Call("audiences.view_audience", "read"),
    "api/v1/audiences/<slug:slug>": {
        "GET": Call("audiences.view_audience", "read"),
        "PATCH": Call("audiences.change_audience", "operate"),
        "DELETE": Call("audiences.delete_audience", "operate"),
    },
    "api/v1/audiences/<slug:slug>/refresh": Call("audiences.refresh_audience", "operate"),
    "api/v1/audiences/<slug:slug>/history": Call("audiences.view_audience", "read"),
    "api/v1/audiences/<slug:slug>/members": {
        "GET": Call("audiences.view_profile", "read"),
        "POST": Call("audiences.change_audience", "operate"),
    },
    "api/v1/audiences/<slug:slug>/members/<int:number>": Call("audiences.view_profile", "read"),
    "api/v1/audiences/<slug:slug>/sample": Call("audiences.view_profile", "read"),
    "api/v1/audiences/<slug:slug>/shift/<int:refresh>": Call("audiences.view_profile", "read"),
    # people and what is pushed about them
    "api/v1/events": Call("audiences.add_event", "ingest"),
    "api/v1/profiles": Call("audiences.add_profile", "ingest"),
    "api/v1/profiles/lookup": Call("audiences.view_profile", "read"),
    "api/v1/profiles/merge": Call("audiences.merge_profile", "operate"),
    "api/v1/merges": Call("audiences.view_merge", "read"),
    "api/v1/merges/<int:number>/undo": Call("audiences.merge_profile", "operate"),
    "api/v1/merge-requests": Call("audiences.view_mergerequest", "read"),
    "api/v1/merge-requests/<int:number>/decide": Call("audiences.merge_profile", "operate"),
    "audiences/": Page("audiences.view_audience"),
    "audiences/new/": Page("audiences.change_audience"),
    "audiences/<name:slug>/": Page("audiences.view_audience"),
    "audiences/<name:slug>/edit/": Page("audiences.change_audience"),
    "audiences/<name:slug>/refresh": Page("audiences.refresh_audience"),
    "segmentations/": Page("audiences.view_segmentation"),
    "segmentations/new/": Page("audiences.change_segmentation"),
    "segmentations/<name:slug>/": Page("audiences.view_segmentation"),
    "segmentations/<name:slug>/edit/": Page("audiences.change_segmentation"),
    "segmentations/<name:slug>/run": Page("audiences.run_segmentation"),
    "segmentations/<name:slug>/keep": Page("audiences.add_audience"),
    "imports/": Page("audiences.view_upload"),
    "imports/bring": Page("audiences.add_upload"),
    "imports/<int:number>/": Page("audiences.view_upload"),
    "imports/<int:number>/preview": Page("audiences.view_upload"),
    "imports/<int:number>/errors.csv": Page("audiences.view_pii"),
    "imports/<int:number>/columns": Page("audiences.add_upload"),
    "imports/<int:number>/start": Page("audiences.add_upload"),
    "imports/<int:number>/forget": Page("audiences.add_upload"),
    "api/v1/profiles/<int:number>": {
        "GET": Call("audiences.view_profile", "read"),
        "PATCH": Call("audiences.change_profile", "operate"),
    },
    "api/v1/profiles/<int:number>/events": Call("audiences.view_profile", "read"),
    "api/v1/profiles/<int:number>/changes": Call("audiences.view_profile", "read"),
    # tags and look-up tables
    "api/v1/tags": {"GET": Call("audiences.view_tag", "read"), "POST": Call("audiences.add_tag", "operate")},
    "api/v1/tags/<slug:slug>": {
        "GET": Call("audiences.view_tag", "read"),
        "PATCH": Call("audiences.change_tag", "operate"),
        "DELETE": Call("audiences.delete_tag", "operate"),
    },
    "api/v1/tags/<slug:slug>/refresh": Call("audiences.change_tag", "operate"),
    "api/v1/tags/<slug:slug>/apply": Call("audiences.change_tag", "operate"),
    "api/v1/lookups": {
        "GET": Call("audiences.view_lookuptable", "read"),
        "POST": Call("audiences.add_lookuptable", "operate"),
    },
    "api/v1/lookups/<slug:slug>": {
        "GET": Call("audiences.view_lookuptable", "read"),
        "PUT": Call("audiences.change_lookuptable", "operate"),
        "DELETE": Call("audiences.delete_lookuptable", "operate"),
    },
    "api/v1/lookups/<slug:slug>/rows": {
        "GET": Call("audiences.view_lookuptable", "read"),
        "POST": Call("audiences.change_lookuptable", "ingest"),
    },
    "api/v1/rules/catalogue": Call("audiences.view_audience", "read"),
    "api/v1/rules/check": Call("audiences.view_audience", "read"),
    "api/v1/rules/values": Call("audiences.view_profile", "read"),
    # models of customers
    "api/v1/segmentation-types": Call("audiences.view_segmentation", "read"),
    "api/v1/segmentations": {
        "GET": Call("audiences.view_segmentation", "read"),
        "POST": Call("audiences.add_segmentation", "operate"),
    },
    "api/v1/segmentations/<slug:slug>": {
        "GET": Call("audiences.view_segmentation", "read"),
        "PUT": Call("audiences.change_segmentation", "operate"),
        "DELETE": Call("audiences.delete_segmentation", "admin"),
    },
    "api/v1/segmentations/<slug:slug>/run": Call("audiences.run_segmentation", "operate"),
    "api/v1/segmentations/<slug:slug>/cells": Call("audiences.view_segmentation", "read"),
    "api/v1/segmentations/<slug:slug>/flow": Call("audiences.view_segmentation", "read"),
    "api/v1/segmentations/<slug:slug>/history": Call("audiences.view_segmentation", "read"),
    "api/v1/segmentations/<slug:slug>/people": Call("audiences.add_audience", "operate"),
    "api/v1/segmentations/<slug:slug>/people/<int:number>": Call("audiences.view_profile", "read"),
    # long jobs
    "jobs/<int:number>/": Page("kit.view_job"),
    "jobs/<int:number>/stop": Page("kit.change_job"),
    "api/v1/jobs/<int:number>": Call("kit.view_job", "read"),
    "api/v1/jobs/<int:number>/stop": Call("kit.change_job", "operate"),
    # the site
    "api/v1/schema": Call("journeys.view_journey", "read"),
    "api/v1/health": Open("tells only whether it is well; who may read journeys learns the rest"),
    "api/v1/metrics": Call("journeys.view_journey", "read"),
}
"""A dictionary inside gives the rule by HTTP method."""

ADMIN: dict[str, str] = {
    # what a superuser may do with each kind of row; what others may follows from their permissions
    "auth.user": "view add change",
    "auth.group": "view",
    "access.apitoken": "view add change",
    "axes.accessattempt": "view delete",
    "axes.accesslog": "view",
    "django_celery_beat.periodictask": "view add change delete",
    "django_celery_beat.intervalschedule": "view add change delete",
    "django_celery_beat.crontabschedule": "view add change delete",
    "kit.auditentry": "view",
    # journeys
    "journeys.journey": "view",
    "journeys.version": "view",
    "journeys.walkerror": "view",
    "journeys.schedulerun": "view",
    "journeys.chunk": "view",
    # sending
    "channels_out.account": "view add change delete",
    "channels_out.template": "view add change delete",
    "channels_out.cap": "view add change delete",
    "channels_out.quiethours": "view add change delete",
    "channels_out.message": "view",
    "channels_out.attempt": "view",
    # audiences
    "audiences.audience": "view",
    "audiences.audiencerefresh": "view",
    "audiences.profile": "view",
    "audiences.consentchange": "view",
    "audiences.mergerequest": "view",
    "audiences.merge": "view",
    "audiences.attributetype": "view add change",
    "audiences.eventtype": "view add change",
    "audiences.workspace": "view change",
    "audiences.event": "view",
    "audiences.segmentation": "view",
    "audiences.segmentationrun": "view",
    "audiences.feed": "view",
    "audiences.shard": "view",
    "audiences.rejectedrow": "view",
    "audiences.upload": "view",
    "audiences.tag": "view",
    "audiences.lookuptable": "view",
    "audiences.profilechange": "view",
}

SOCKETS: dict[str, str] = {
    "ws/journeys/<slug>/": "journeys.view_journey",
}
"""Address of a WebSocket and the permission that people need. Tokens never."""
