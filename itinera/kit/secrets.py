"""Encryption of credentials at rest: Fernet, the key outside the database, rotated by adding a key.

`settings.FERNET_KEYS` is newest first: the first one encrypts, all of them decrypt. To rotate, put a
new key in front, run `manage.py rotate_secrets`, then drop the old one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from itinera.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A `bytea` column that holds encrypted values, so that rotation finds it."""

    table: str
    column: str
    key: str = "id"


sealed_columns: Registry[SealedColumn] = Registry("sealed columns")
"""Owners register theirs in `AppConfig.ready`, under `table.column`."""


class Unreadable(Exception):
    """No configured key opens this value: it was sealed elsewhere, damaged, or its key was dropped."""


def encrypt(text: str) -> bytes:
    """Seal a text with the newest key."""
    return _fernet().encrypt(text.encode())


def decrypt(sealed: bytes | memoryview) -> str:
    """Open a sealed text; `Unreadable` if no key fits."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Unreadable("no key in FERNET_KEYS opens this value") from None


def encrypt_json(values: Mapping[str, object]) -> bytes:
    """Seal an object of plain JSON values, such as an account's credentials."""
    return encrypt(json.dumps(values, ensure_ascii=False, separators=(",", ":")))


def decrypt_json(sealed: bytes | memoryview) -> dict[str, object]:
    """Open what `encrypt_json` sealed."""
    values: dict[str, object] = json.loads(decrypt(sealed))
    return values


def rotate(sealed: bytes | memoryview) -> bytes:
    """The same value under the newest key; `Unreadable` if no key fits."""
    try:
        return _fernet().rotate(bytes(sealed))
    except InvalidToken:
        raise Unreadable("no key in FERNET_KEYS opens this value") from None


def _fernet() -> MultiFernet:
    # Built per call: keys are few, the cost is microseconds, and tests rotate them.
    return MultiFernet([Fernet(key) for key in settings.FERNET_KEYS])
