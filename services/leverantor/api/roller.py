"""Which roles may do what in this service; docs/roller.md shows the same as a table."""

from services.chassis.auth.roles import Roll

ANDRA = (Roll.AVTALSCONTROLLER, Roll.SYSTEM)
"""Change the register."""

LASA = tuple(Roll)
"""Read the register: it holds nothing about persons."""
