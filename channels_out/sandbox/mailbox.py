"""A mail server on loopback that writes what arrives into the ledger."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from channels_out.sandbox.faults import Fault, Faults
from channels_out.sandbox.ledger import Ledger


class Mailbox:
    """Handler of aiosmtpd: refuses, delivers or breaks off as the fault switch says."""

    def __init__(self, ledger: Ledger, faults: Faults) -> None:
        self.ledger, self.faults = ledger, faults
        self.struck: dict[Session, dict[str, Fault]] = {}  # from RCPT to DATA of one mail

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        struck = self.faults.strike("email", address)
        self.struck[session] = struck
        if "token" in struck:
            return "530 5.7.0 Authentication required"
        if "throttle" in struck:
            return "450 4.7.1 Too fast, try later"
        if "later" in struck:
            return "451 4.2.1 Mailbox busy"
        if "reject" in struck or "@" not in address:
            return f"550 5.1.1 No such user {address}"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        struck = self.struck.pop(session, {})
        if "delay" in struck and struck["delay"].seconds:
            await asyncio.sleep(struck["delay"].seconds)
        if "drop_before" in struck:
            return _drop(server)
        number = 0
        for address in envelope.rcpt_tos:
            number = self._deliver(address, envelope)
        if "drop_after" in struck:
            return _drop(server)
        if "error_after" in struck:
            return "421 4.3.0 Internal error, closing"
        if "malformed" in struck:
            return "nonsense"
        if "truncate" in struck:
            cast("asyncio.Transport", server.transport).write(b"250-2.0.0 Ok")
            return _drop(server, gently=True)
        return f"250 2.0.0 Ok: queued as mail-{number}"

    def _deliver(self, address: str, envelope: Envelope) -> int:
        # The older of the library's two parsers: five times as fast, and the ledger must not be what is measured.
        mail = message_from_bytes(envelope.original_content or b"")
        reference = str(mail.get("Message-ID", "")).strip().strip("<>").partition("@")[0]
        body = {"from": _header(mail, "From"), "subject": _header(mail, "Subject"), **_bodies(mail)}
        entry = self.ledger.deliver("email", address, reference, body)
        return int(str(entry["n"]))


def server_factory(mailbox: Mailbox, password: str | None) -> SMTP:
    """One connection's protocol. With a password, a log-in is asked for (any user name)."""

    def authenticate(*asked: object) -> AuthResult:
        data = asked[-1]  # before it: server, session, envelope, mechanism
        good = isinstance(data, LoginPassword) and data.password == (password or "").encode()
        return AuthResult(success=good, handled=False)

    return SMTP(
        mailbox,
        hostname="sandbox.invalid",
        ident="Itinera sandbox",
        authenticator=authenticate if password else None,
        auth_required=bool(password),
        auth_require_tls=False,
        enable_SMTPUTF8=False,
    )


def _header(mail: Message, name: str) -> str:
    return str(make_header(decode_header(str(mail.get(name, "")))))


def _bodies(mail: Message) -> dict[str, str]:
    """The first plain and the first HTML part."""
    found: dict[str, str] = {}
    for part in mail.walk():
        name = {"text/plain": "text", "text/html": "html"}.get(part.get_content_type())
        if name and name not in found and not part.is_multipart():
            raw = part.get_payload(decode=True)
            text = raw.decode(part.get_content_charset("utf-8"), "replace") if isinstance(raw, bytes) else ""
            found[name] = text.replace("\r\n", "\n").rstrip("\n")
    return found


def _drop(server: SMTP, *, gently: bool = False) -> str:
    transport = cast("asyncio.Transport", server.transport)
    if gently:
        transport.close()
    else:
        transport.abort()
    return "421 4.3.0 gone"
