"""Looking for people in admin pages: by number, or by the whole of an identity (parts would let one guess)."""

from __future__ import annotations

from audiences.models import Identity


def profiles_found(term: str) -> list[int]:
    """Numbers of the profiles that a search term names: `#17`, `17`, `M1001` or `phone:+86138…`."""
    wanted = term.strip()
    kind, separator, value = wanted.partition(":")
    identities = Identity.objects.filter(value=wanted)
    if separator:
        identities = identities | Identity.objects.filter(kind=kind, value=value)
    found = list(identities.values_list("profile_id", flat=True)[:100])
    number = wanted.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found.append(int(number))
    return found
