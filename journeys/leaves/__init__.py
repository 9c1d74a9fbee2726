"""Leaves of the rule language that ask about a walk; a file each, found when the app starts."""
