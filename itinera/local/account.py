"""Who the embedded servers run as, and where their files can live so that this user reaches them.

PostgreSQL refuses to run as root. Started as root, both servers run as `nobody` (or as the owner of data that are
already there); started by anybody else, they run as that user.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from itinera.local.screen import Stop, tell

UNPRIVILEGED = "nobody"
ELSEWHERE = Path("/var/lib/itinera")


class Identity(TypedDict, total=False):
    """The arguments of subprocess that make a child run as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """Empty when it is ourselves."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this user gets to a folder, or may run a program. Asked of the system itself: it knows best."""
        test = ["/bin/sh", "-c", '[ -x "$1" ]', "sh", str(path)]
        return subprocess.run(test, check=False, cwd="/", **self.identity).returncode == 0

    def own(self, folder: Path) -> Path:
        """Makes a folder that only this user enters."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)
        return folder


def servant(data: Path) -> Account:
    """The user for the servers, given where their data are or will be."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    owner = data.stat().st_uid if data.exists() else 0
    try:
        return _account(pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED))
    except KeyError:
        raise Stop(
            f"数据库不能以 root 运行,而系统里没有用户 {UNPRIVILEGED}。请用普通用户启动。",
            f"The database cannot run as root and there is no user {UNPRIVILEGED}. Start it as an ordinary user.",
        ) from None


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def place(home: Path) -> Path:
    """The folder that holds the servers' data: the data folder itself where the servers' user can enter it."""
    elsewhere = ELSEWHERE / hashlib.sha256(str(home).encode()).hexdigest()[:10]
    if elsewhere.exists() and not (home / "postgres").exists():
        return elsewhere
    account = servant(home / "postgres")
    if account.reaches(home):
        return home
    _open_folder(ELSEWHERE)
    _open_folder(elsewhere)
    if not account.reaches(elsewhere):
        raise Stop(
            f"用户 {account.name} 进不了 {home},也进不了 {elsewhere}。请把 ITINERA_HOME 指向它能进入的目录。",
            f"The user {account.name} can enter neither {home} nor {elsewhere}. Point ITINERA_HOME at a folder it can.",
        )
    tell(
        f"数据库以用户 {account.name} 运行,它进不了 {home},数据改放在 {elsewhere}",
        f"the database runs as {account.name}, who cannot enter {home}: its data live in {elsewhere}",
    )
    return elsewhere


def _open_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def programs(package: str, inside: str, run: str, account: Account, beside: Path) -> Path:
    """The folder `inside` an installed package whose program `run` the account may run; a copy where it may not."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Stop(f"缺少软件包 {package}。请运行 make up。", f"The package {package} is missing. Run make up.")
    root = Path(next(iter(spec.submodule_search_locations)))
    found = next(iter(sorted(root.glob(inside))), None)
    if found is None:
        raise Stop(
            f"软件包 {package} 里没有适合这台机器的程序。请设 DATABASE_URL 与 BROKER_URL 使用现成的服务。",
            f"The package {package} has no program for this machine. Set DATABASE_URL and BROKER_URL to real servers.",
        )
    if account.reaches(found / run):
        return found
    copy = _copied(root, beside / "programs" / f"{package}-{_stamp(found / run)}")
    return copy / found.relative_to(root.parent)


def _stamp(program: Path) -> str:
    state = program.stat()
    return f"{state.st_size:x}-{int(state.st_mtime):x}"


def _copied(package: Path, target: Path) -> Path:
    """A folder with the package as installed, and beside it the libraries it brings along."""
    if not target.exists():
        _open_folder(target.parent)
        draft = target.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True)
        draft.chmod(0o755)
        draft.replace(target)
    return target
