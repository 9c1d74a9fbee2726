"""Personal data made unreadable: on screens for those without the right to see it, and in logs always. Pure."""

from __future__ import annotations

import re

_SHOWN_KINDS = frozenset({"member_id"})
"""The brand's own working name for a customer: says nothing outside the brand."""

# Neighbours are named one by one: `\w` would take a Chinese character before a number for part of it.
_MAIL = re.compile(r"([A-Za-z0-9._+-])[A-Za-z0-9._+-]*(@|%40)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_PHONE = re.compile(
    r"(?<![0-9A-Za-z.:_-])((?:\+|%2[bB])?(?:\d{1,3}[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?![0-9A-Za-z_])"
)
_NUMBER = re.compile(r"(?<![0-9A-Za-z.:_-])((?:\+|%2[bB])?\d{3})\d{4,8}(\d{4})(?![0-9A-Za-z_.:-])")
_TOKEN = re.compile(r"\bitn_[0-9a-f]+_[A-Za-z0-9_-]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
# Tokens travel in the addresses of providers; passwords in the addresses of servers.
_SECRET = re.compile(
    r"(?i)((?:access_?token|token|secret|password|passwd|api_?key|key|sign(?:ature)?)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;]+"
)
_ACCOUNT = re.compile(r"(://[^:/@\s]*):[^@\s]+@")


def mask_phone(value: str) -> str:
    """`13812341234` → `138****1234`, `+8613812341234` → `+86138****1234`; short ones keep two digits."""
    if len(value) < 8:
        return "****" + value[-2:]
    head = 6 if value.startswith("+86") else 3
    return f"{value[:head]}****{value[-4:]}"


def mask_email(value: str) -> str:
    """`alice@example.com` → `a***@example.com`."""
    name, _at, domain = value.rpartition("@")
    return f"{name[:1]}***@{domain}" if name else "***"


def mask_identity(kind: str, value: str) -> str:
    """An identity of any kind; those that nobody could call or find somebody by are shown whole."""
    if kind in _SHOWN_KINDS:
        return value
    if kind == "phone":
        return mask_phone(value)
    if kind == "email":
        return mask_email(value)
    return f"{value[:2]}****{value[-2:]}" if len(value) > 6 else "****"


def mask_name(name: str) -> str:
    """An identity in its short form, `phone:138…`, as profiles are named in lists and messages."""
    kind, separator, value = name.partition(":")
    return f"{kind}:{mask_identity(kind, value)}" if separator else mask_identity("", name)


def scrub(text: str) -> str:
    """A line of a log with whatever looks like a phone number, an e-mail address or a secret made unreadable."""
    text = _ACCOUNT.sub(r"\1:***@", text)
    text = _TOKEN.sub("itn_***", text)
    text = _BEARER.sub(r"\1 ***", text)
    text = _SECRET.sub(r"\1***", text)
    text = _MAIL.sub(r"\1***\2\3", text)
    text = _PHONE.sub(r"\1****\2", text)
    return _NUMBER.sub(r"\1****\2", text)
