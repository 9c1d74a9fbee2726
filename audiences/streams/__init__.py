"""Where events come from besides the API: streams that are read for as long as the program runs.

One file per kind of stream; each registers itself in `base.STREAMS`. `consume` reads one, batch by batch.
"""
