"""Numbers as readers of server pages see them."""

from django import template

register = template.Library()


@register.filter
def people(n: int) -> str:
    """Whole, with separators: 12,345. The same in Chinese and English."""
    return f"{n:,}"


@register.filter
def seconds(milliseconds: int) -> str:
    """A short time in seconds: 0.42 s, 12.3 s."""
    return f"{milliseconds / 1000:.2f} s" if milliseconds < 10_000 else f"{milliseconds / 1000:.1f} s"


@register.filter
def percent(share: float | None) -> str:
    """A share: never 0.0% or 100.0% unless it is exactly that."""
    if share is None:
        return "–"
    if share in {0, 1}:
        return f"{share:.0%}"
    return "<0.1%" if share < 0.001 else ">99.9%" if 0.999 < share < 1 else f"{share:.1%}"


@register.filter
def signed(change: float | None) -> str:
    """A change with its sign."""
    if change is None:
        return "–"
    return "0%" if change == 0 else f"{change:+.1%}".replace("-", "−")
