"""Hints may be lost: without a broker, events are taken in, waves run, and the work is found."""

from __future__ import annotations

import subprocess
import sys

import pytest

from itinera.local.home import PROJECT
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine.scene import HOUR, NOON, ask, exits, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
BOOT = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "itinera.settings"
import django
django.setup()
from journeys.stages import schedule
from journeys.tasks import wave
from tests.integration.engine import scene

begun = time.monotonic()
scene.events(["A", "B"])
print(scene.walk()["messages"])
schedule.run(scene.NOON + scene.SECOND)
scene.pause(); scene.resume()
print(wave.delay())
print("seconds", time.monotonic() - begun)
"""


def test_nothing_depends_on_a_hint(site_environment: dict[str, str]) -> None:
    once = node("once", "trigger.schedule", {"rule": {"all": []}, "at": NOON.isoformat()})
    publish(draw(start(), sms(), node("nap", "delay.for", {"duration": "PT1H"}), sms("more")))
    publish(draw(once, sms(), slug="scheduled"))
    people(["A", "B"])
    environment = {**site_environment, "BROKER_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run(
        [sys.executable, "-c", BOOT], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "2"
    assert float(done.stdout.split()[-1]) < 30
    assert "not sent" in done.stderr
    walk(NOON + HOUR)
    assert exits() == exits("scheduled") == {"completed": 2}
    assert ask("SELECT count(*) FROM message") == [(6,)]
