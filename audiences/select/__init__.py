"""Everybody of one kind of people for whom a rule holds: leaves from the tables or from what was kept, sets by bitmaps.

`selection` takes the rule apart and puts sets together, `scan` asks the tables in statements of about a second, and
`kept` keeps what was dear to find.
"""

from audiences.select.selection import Selection, members_of

__all__ = ["Selection", "members_of"]
