"""Mails as bytes, filled into a prebuilt frame.

The standard library's `EmailMessage` takes two milliseconds per mail, which would be the limit of sending;
headers of one account never change, and a body needs no more than base64.
"""

from __future__ import annotations

import base64
from email.header import Header
from email.utils import format_datetime, formataddr

from channels_out.providers.base import Envelope

_WORD = 42
"""Bytes of UTF-8 in one encoded word: base64 of them, with its frame, stays under 75 characters."""


class Skeleton:
    """What all mails of one account share."""

    def __init__(self, from_address: str, from_name: str, reply_to: str | None) -> None:
        name = Header(from_name, "utf-8").encode() if not from_name.isascii() else from_name
        head = [f"From: {formataddr((name, from_address))}"]
        head += [f"Reply-To: {reply_to}"] if reply_to else []
        self._head = "\r\n".join([*head, "MIME-Version: 1.0"])
        self._domain = from_address.rpartition("@")[2]

    def fill(self, envelope: Envelope) -> bytes:
        """The whole mail. Its Message-ID is made of the message's key, the same for every attempt."""
        head = (
            f"{self._head}\r\nTo: {envelope.address}\r\nSubject: {encoded(envelope.content.get('subject', ''))}\r\n"
            f"Date: {format_datetime(envelope.at)}\r\nMessage-ID: <{envelope.key}@{self._domain}>\r\n"
        )
        text, html = envelope.content.get("text"), envelope.content.get("html")
        if text is None or html is None:
            kind, body = ("plain", text) if html is None else ("html", html)
            return head.encode() + _part(kind, body or "")
        mark = f"=_{envelope.key}"
        pieces = (_part("plain", text), _part("html", html))
        body_bytes = b"".join(f"--{mark}\r\n".encode() + piece for piece in pieces)
        frame = f'Content-Type: multipart/alternative; boundary="{mark}"\r\n\r\n'
        return (head + frame).encode() + body_bytes + f"--{mark}--\r\n".encode()


def encoded(text: str) -> str:
    """A header's value: as it is if plain ASCII, else in encoded words (RFC 2047), folded."""
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) < 70:
        return text
    words, word = [], b""
    for letter in text:
        piece = letter.encode()
        if len(word) + len(piece) > _WORD:
            words.append(word)
            word = b""
        word += piece
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in [*words, word])


def _part(kind: str, text: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body = base64.encodebytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    return head.encode() + body.replace(b"\n", b"\r\n")
