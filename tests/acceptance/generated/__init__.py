"""Seeded worlds: valid canvases of supported things only, and people whose events are as awkward as can be."""
