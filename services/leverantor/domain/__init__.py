"""Decisions about suppliers. Pure: no I/O, no clock, no framework."""
