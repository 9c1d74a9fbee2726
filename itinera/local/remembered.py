"""What this copy of the project keeps between starts: secrets made once, and the addresses of its servers.

Both are small JSON files of mode 0600 in the data folder. `secrets.json` is written once and never changed by us;
`addresses.json` is written by every start, so that a command in a second terminal finds the servers.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from itinera.local.home import home

SECRETS, ADDRESSES = "secrets.json", "addresses.json"


def generate() -> dict[str, str]:
    """A fresh set of secrets; FERNET_KEYS is a list separated by commas, the first one encrypts."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FERNET_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "BROKER_PASSWORD": secrets.token_urlsafe(24),
    }


def own_secrets(folder: Path) -> dict[str, str]:
    """The secrets of a data folder, made at the first call.

    Two programs that start together get the same ones: a finished file is linked into place, and only the first link
    succeeds. Raises OSError where the folder cannot be written.
    """
    path = folder / SECRETS
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = _draft(folder, generate())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # somebody else was first; theirs are the secrets
        finally:
            draft.unlink()
    return _read(path)


def remember_addresses(folder: Path, addresses: Mapping[str, str]) -> None:
    """Replaces the remembered addresses, whole or not at all."""
    _draft(folder, dict(addresses)).replace(folder / ADDRESSES)
    remembered.cache_clear()


def remembered_addresses(folder: Path) -> dict[str, str]:
    """The addresses of the latest start, empty before the first."""
    path = folder / ADDRESSES
    return _read(path) if path.exists() else {}


@lru_cache(maxsize=1)
def remembered() -> Mapping[str, str]:
    """Secrets and addresses together; empty where nothing can be kept (a read-only installation)."""
    try:
        return own_secrets(home()) | remembered_addresses(home())
    except OSError:
        return {}


def _draft(folder: Path, values: dict[str, str]) -> Path:
    handle, name = tempfile.mkstemp(prefix=".draft-", dir=folder)  # mkstemp gives mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in content.items()}
    except (ValueError, AttributeError) as error:
        raise SystemExit(f"{path} cannot be read: {error}. Put it right, or remove it for a new one.") from None
