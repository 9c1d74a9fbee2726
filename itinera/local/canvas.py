"""The canvas build: Node's packages and the bundle, made again only when their sources have changed.

`python -m itinera.local.canvas build|test|check` does by hand what `up`, `make test` and `make check` do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from itinera.local.home import PROJECT
from itinera.local.screen import Stop, refuse, tell
from itinera.local.service import Service
from itinera.local.stamps import Stamp, digest, files_in

SOURCE = PROJECT / "frontend"
BUILT = PROJECT / "static_build" / "canvas"
OLDEST = (20, 19)  # of Node.js; what the build tool asks for
LOCK = "package-lock.json"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# Three tries in half a minute: without a network the site should start soon, if without the canvas.
INSTALL = ("ci", "--no-audit", "--no-fund", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
SETTINGS = ("*.json", "*.ts", "*.js", "*.html", ".npmrc")


def node_folder() -> Path:
    """The folder of a usable `node` and `npm`: the machine's, or that of the package in our environment."""
    candidates = [shutil.which("node"), str(Path(sys.executable).parent / "node")]
    for candidate in filter(None, candidates):
        folder = Path(candidate).parent
        if (folder / "npm").exists() and _version(candidate) >= OLDEST:
            return folder
    raise Stop(
        f"找不到 Node.js {OLDEST[0]}.{OLDEST[1]} 以上版本,画布无法构建。请运行 make up(它会自己安装),或安装 Node.js。",
        f"No Node.js of {OLDEST[0]}.{OLDEST[1]} or later, so the canvas cannot be built. "
        "Run `make up` (it installs one), or install Node.js.",
    )


def _version(program: str) -> tuple[int, int]:
    if not Path(program).exists():
        return (0, 0)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _packages() -> str:
    return digest([SOURCE / LOCK, SOURCE / "package.json"])


def _sources() -> str:
    settings = [file for pattern in SETTINGS for file in SOURCE.glob(pattern)]
    return digest([*settings, *files_in(SOURCE / "src", SOURCE / "public")])


def is_there() -> bool:
    """Whether this copy of the project has the canvas' sources."""
    return (SOURCE / LOCK).exists()


def npm(name: str, *arguments: str) -> Service:
    """An npm command in the canvas' folder."""
    folder = node_folder()
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "CI": "true", "NO_COLOR": "1"}
    if AUTHORITIES.exists() and "NODE_EXTRA_CA_CERTS" not in os.environ:
        environment["NODE_EXTRA_CA_CERTS"] = str(AUTHORITIES)  # Node brings its own list, without those of a company
    return Service(name=name, command=(str(folder / "npm"), *arguments), folder=SOURCE, environment=environment)


def packages_job() -> Iterator[tuple[Service, Stamp, str]]:
    """The job that installs Node's packages, if they are not what the lock file says."""
    stamp, wanted = Stamp(SOURCE / "node_modules"), _packages()
    if not stamp.is_current(wanted):
        yield npm("canvas", *INSTALL), stamp, wanted


def build_jobs() -> Iterator[tuple[Service, Stamp, str]]:
    """The jobs still to do, each with the stamp to set when it has ended well."""
    stamp, wanted = Stamp(BUILT), _sources()
    if stamp.is_current(wanted):
        return
    yield from packages_job()
    yield npm("canvas", "run", "build"), stamp, wanted


def by_hand(what: str) -> int:
    """Runs a script of the canvas in the foreground, its packages installed first; returns how it ended."""
    jobs = list(build_jobs()) if what == "build" else list(packages_job())
    for service, stamp, value in jobs:
        if code := _run(service):
            return code
        stamp.set(value)
    return 0 if what == "build" else _run(npm("canvas", "run", what))


def _run(service: Service) -> int:
    tell(f"画布:{' '.join(service.command[1:])}", "canvas")
    done = subprocess.run(service.command, cwd=service.folder, env=service.full_environment(), check=False)
    return done.returncode


def main(arguments: list[str]) -> int:
    """The entry for `python -m`."""
    if arguments not in (["build"], ["test"], ["check"]):
        sys.stderr.write("usage: python -m itinera.local.canvas build|test|check\n")
        return 2
    try:
        return by_hand(arguments[0])
    except Stop as stop:
        refuse(stop)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
