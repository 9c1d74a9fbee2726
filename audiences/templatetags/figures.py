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
