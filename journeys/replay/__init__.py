"""The real engine under a virtual clock, over tables that vanish: nothing durable is written, no message leaves.

`scratch` shadows the state tables on a fresh connection, `stage` sets the scene (workspace, people, events,
canvases), `drive` moves the clock from one barrier to the next, `written` writes what happened to files.
"""
