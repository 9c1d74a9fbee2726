"""The oracle: a second reading of the contract, slow and obvious.

It walks one person at a time through the journeys: a heap of instants, plain dictionaries, `datetime` and
`zoneinfo`. It imports nothing of the project on purpose (an architecture test says so), because it is what the
project's replay is compared with: an error copied from one to the other would be an error nobody sees.

Where the contract leaves room, README.md beside this file tells which reading was taken.
"""
