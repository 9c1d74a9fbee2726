"""The browser that the browser tests drive: Debian's Chromium, with a font that has Chinese in it."""

from __future__ import annotations

import os
import shutil
import subprocess

from itinera.local.screen import tell, warn

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
PATIENCE = 400  # seconds for the packages


def find() -> str | None:
    """The browser's path; None if there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def has_chinese() -> bool:
    """Whether a font of this machine has Chinese. Without one a page is little boxes."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def provide() -> str | None:
    """The browser's path, installed by Debian's packages where that is allowed; None where it cannot be had."""
    if not (find() and has_chinese()):
        _install()
    path = find()
    if path is None:
        warn("没有浏览器,浏览器测试不能运行", "There is no browser: the browser tests cannot run")
    return path


def _install() -> None:
    if not shutil.which("apt-get"):
        return
    rights = _rights()
    if rights is None:
        return
    tell("安装 Chromium 和中文字体", "installing Chromium and a Chinese font")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *PACKAGES, "fontconfig"]
    for command in (["apt-get", "update", "--quiet"], install):
        try:
            done = subprocess.run(
                [*rights, *command],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            warn("安装超时", f"{' '.join(command)} took too long")
            return
        if done.returncode:
            warn("安装失败", f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-300:]}")


def _rights() -> list[str] | None:
    """What goes before a command that needs root; None if we cannot have its rights without a password."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
    return ["sudo", "-n"] if asked.returncode == 0 else None
