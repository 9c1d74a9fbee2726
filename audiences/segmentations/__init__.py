"""Models of customers: everybody of a kind of people divided into cells, every day anew.

`types` say what divides them, `runs` do it as a job, `snapshots` keep who was where on which day, `figures` and
`flow` say how that has changed, `standing` explains one person.
"""

from audiences.segmentations.base import TYPES

TYPES.discover("audiences.segmentations.types")
