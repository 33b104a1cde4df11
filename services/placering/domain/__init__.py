"""Decisions about klienter, beslut and placeringar. Pure: no I/O, no clock, no framework."""
