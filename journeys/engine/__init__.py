"""The wave: takes everybody who has something to do, walks them as sets, writes once.

Read in this order: `wave` (the whole), `claim` and `items` (what there is to do), `rounds` (in which
order), `react`, `enter` and `walk` (what happens), `effects` (what nodes ask for), `commit` (what is
written). Nodes decide; only this package touches rows.
"""
