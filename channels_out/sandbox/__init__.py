"""A loopback server that behaves as providers do, with its own ledger and fault switch.

It imports nothing of the product: what it says was delivered is the one judgement that the product
cannot have influenced.
"""
