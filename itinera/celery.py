"""The Celery application: three queues, and a line per stage of what beat starts.

A task is a hint that there may be work: it expires, carries no state, and may be lost or sent twice without harm. So
publishing never breaks the caller: with the broker down it gives up at once, is logged, and the next tick finds the
work.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import Celery, Task
from django.db import close_old_connections
from kombu import Queue
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
log = logging.getLogger(__name__)

WAVES, DISPATCH, LONG = "waves", "dispatch", "long"
# Below the seconds after which a tick or a hint is stale: the next one has been sent by then.
EXPIRES = 10


class Hint(Task):  # type: ignore[type-arg]  # not generic at run time
    """Every task of the project."""

    abstract = True

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """Publishes; returns None when the broker cannot be reached."""
        options.setdefault("expires", None if self._long() else EXPIRES)
        try:
            return super().apply_async(*args, **options)
        except (OperationalError, OSError) as error:
            log.warning("hint %s not sent, the next tick finds its work: %s", self.name, type(error).__name__)
            return None

    def before_start(self, *args: Any) -> None:
        """A worker keeps its database connection between tasks; one that broke meanwhile is let go here."""
        close_old_connections()

    def _long(self) -> bool:
        return route(self.name) == LONG


def route(name: str) -> str:
    """The queue of a task by its name: the stages of the engine have their own, so that long jobs never delay them."""
    return QUEUES.get(name, LONG)


@dataclass(frozen=True)
class Beat:
    """A tick that beat gives; `manage.py schedules` keeps one row of django-celery-beat for each, for admins to see."""

    name: str
    task: str
    every: timedelta
    queue: str


# --- a line per stage ----------------------------------------------------------------------------------------------
BEATS = (
    Beat("Waves: who has something to do now", "journeys.tasks.wave", timedelta(seconds=1), WAVES),
    Beat("Schedules: runs that are due or were left", "journeys.tasks.run_schedules", timedelta(minutes=1), LONG),
    Beat("Versions: replaced ones that nobody is inside of", "journeys.tasks.reap", timedelta(minutes=10), LONG),
    Beat("Dispatch: messages owed", "channels_out.tasks.dispatch", timedelta(seconds=1), DISPATCH),
    Beat("Caps: corrections where no wave comes by", "channels_out.tasks.settle", timedelta(seconds=5), DISPATCH),
    Beat("Merges: profiles found to be one", "audiences.tasks.merge", timedelta(seconds=5), WAVES),
    Beat("Jobs: asked for or left", "itinera.kit.tasks.run_jobs", timedelta(seconds=10), LONG),
    Beat("Figures: changes folded into counters", "journeys.tasks.fold_counters", timedelta(seconds=5), DISPATCH),
    Beat("Partitions: months made ahead", "audiences.tasks.partitions", timedelta(days=1), LONG),
    Beat("Audiences: old changes cleared", "audiences.tasks.tidy", timedelta(hours=1), LONG),
    Beat("Imports: old files deleted", "audiences.tasks.forget_imports", timedelta(days=1), LONG),
    Beat("Access: old answers and sessions cleared", "itinera.access.tasks.forget", timedelta(hours=1), LONG),
)
QUEUES = {beat.task: beat.queue for beat in BEATS}

app = Celery("itinera", task_cls=Hint)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(WAVES), Queue(DISPATCH), Queue(LONG)]
app.conf.task_routes = [lambda name, *_args, **_options: {"queue": route(name)}]
app.autodiscover_tasks()
