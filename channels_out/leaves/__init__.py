"""Leaves of the rule language that ask about sending; a file each, found when the app starts."""
