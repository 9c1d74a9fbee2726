"""What browsers get as files: the built canvas and the collected static files, made anew when sources changed."""

from __future__ import annotations

from collections.abc import Mapping

from itinera.local import canvas, parts
from itinera.local.home import PROJECT, home
from itinera.local.screen import Stop, tell, warn
from itinera.local.stamps import Stamp, digest, files_in
from itinera.local.supervisor import Supervisor

COLLECT = ("collectstatic", "--noinput", "--clear", "--verbosity", "0")


async def make(supervisor: Supervisor, environment: Mapping[str, str], *, with_canvas: bool) -> None:
    """Builds and collects. A canvas that cannot be built is told, and does not keep the rest from starting."""
    canvas.BUILT.mkdir(parents=True, exist_ok=True)
    if with_canvas and canvas.is_there():
        try:
            await _canvas(supervisor)
        except Stop as stop:
            warn(stop.chinese, stop.english)
    await _static(supervisor, environment)


async def _canvas(supervisor: Supervisor) -> None:
    for service, stamp, value in canvas.build_jobs():
        tell(f"构建画布:npm {service.command[1]}", "building the canvas")
        stamp.clear()
        await supervisor.must(service, "画布构建", "building the canvas")
        stamp.set(value)


async def _static(supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    stamp, wanted = Stamp(home() / "static"), _sources()
    if not stamp.is_current(wanted):
        job = parts.manage("static", *COLLECT, environment=environment)
        await supervisor.must(job, "静态文件收集", "collecting static files")
        stamp.set(wanted)


def _sources() -> str:
    apps = [*PROJECT.glob("*/apps.py"), *PROJECT.glob("itinera/*/apps.py")]
    folders = [PROJECT / "static", canvas.BUILT, *(app.with_name("static") for app in apps)]
    return digest([*files_in(*folders), PROJECT / "requirements.lock"])
