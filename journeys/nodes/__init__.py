"""The steps a canvas is made of: one file per node type, found by themselves.

`NODES` holds one instance per type, in the order of the file names, closed once this package is
imported. To add a node type, put a file beside these (`condition` is the shortest example, `base` the
contract), its words into `locale`, and a sample of its settings into the contract test of the nodes.
"""

from journeys.nodes.base import NODES

NODES.discover(__name__)
NODES.freeze()

__all__ = ["NODES"]
