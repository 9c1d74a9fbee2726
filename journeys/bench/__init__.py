"""Measurements of the engine, each beside the raw limit of the same machine in the same run.

`scratch` makes a database that is dropped again, `population` fills it, `crew` runs real Celery workers on it,
`engine` measures waves, `floor` writes the same rows with nothing around them, `naive` walks people the way
everybody else does: a task per person and step.
"""
