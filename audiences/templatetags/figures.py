"""Numbers as readers of server pages see them."""

from django import template

register = template.Library()


@register.filter
def people(n: int) -> str:
    """Whole, with separators: 12,345. The same in Chinese and English."""
    return f"{n:,}"
