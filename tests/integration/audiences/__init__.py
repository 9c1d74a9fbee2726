"""The package `audiences`."""
