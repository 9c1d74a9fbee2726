"""Itinera: marketing automation that walks people as sets. The folder map is in README.md."""
