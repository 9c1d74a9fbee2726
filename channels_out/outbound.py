"""Calls out: which hosts may be connected to, asked at the moment of connecting.

The check is on the socket's address, after DNS, so a public name that resolves to a private address is
refused like the address itself. `settings.OUTBOUND_ALLOWED_HOSTS` lists internal hosts that may be called
all the same, as `host` (any port) or `host:port`, exactly as the account names them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

from django.conf import settings


class AddressRefused(OSError):
    """The name leads to an address that is not on the public internet. Carries no address."""

    def __init__(self) -> None:
        super().__init__("the host resolves to a private address and is not in OUTBOUND_ALLOWED_HOSTS")


def is_allowed_host(host: str, port: int) -> bool:
    """Whether this host may be called although it is private, and without TLS."""
    allowed = {entry.lower() for entry in getattr(settings, "OUTBOUND_ALLOWED_HOSTS", ())}
    name = host.lower().strip("[]")
    return bool({name, f"{name}:{port}", f"[{name}]:{port}"} & allowed)


def is_public(address: str) -> bool:
    """Whether an IP address is reachable by anybody; addresses that wrap another are judged by that one."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


def public_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """A socket for one result of `getaddrinfo`; AddressRefused if that is not a public address."""
    family, kind, protocol, _name, address = address_info
    if not is_public(address[0]):
        raise AddressRefused
    return socket.socket(family, kind, protocol)


def any_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """A socket for one result of `getaddrinfo` of an allowed host."""
    family, kind, protocol, _name, _address = address_info
    return socket.socket(family, kind, protocol)


def socket_factory(host: str, port: int) -> Any:
    """What makes the sockets for calls to this host."""
    return any_socket if is_allowed_host(host, port) else public_socket


async def connect(host: str, port: int) -> socket.socket:
    """A connected socket, tried over all addresses of the host. OSError if none answers."""
    loop = asyncio.get_running_loop()
    make = socket_factory(host, port)
    trouble: OSError = OSError("the host has no address")
    for info in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            found: socket.socket = make(info)
        except AddressRefused as refused:
            trouble = refused
            continue
        found.setblocking(False)
        try:
            await loop.sock_connect(found, info[4])
        except OSError as failed:
            found.close()
            trouble = failed
        except BaseException:
            found.close()
            raise
        else:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return found
    raise trouble
