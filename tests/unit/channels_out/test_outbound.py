"""Which addresses may be called."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from channels_out.outbound import AddressRefused, is_allowed_host, is_public, public_socket


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        public_socket((2, 1, 6, "", (address, 443)))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


def test_allowed_hosts_are_exact(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["gateway.internal", "127.0.0.1:8025", "[::1]:25"]
    assert is_allowed_host("gateway.internal", 1)
    assert is_allowed_host("Gateway.Internal", 1)
    assert is_allowed_host("127.0.0.1", 8025)
    assert is_allowed_host("::1", 25)
    assert not is_allowed_host("127.0.0.1", 8026)
    assert not is_allowed_host("x.gateway.internal", 1)
    assert not is_allowed_host("gateway.internal.evil.example", 1)
