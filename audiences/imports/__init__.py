"""Imports in the browser: a file is kept, its columns are given a meaning, its rows go in by the one way in.

`keep` takes the file, `mapping` says what columns mean (and guesses it), `rows` reads them so, `preview` shows what
would come of it, `run` is the job that does it.
"""
