"""Sanzhang (三账): one register for the three project ledgers of a development zone."""

__version__ = "0.1.0"
