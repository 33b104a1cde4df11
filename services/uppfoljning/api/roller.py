"""Which roles may do what in this service; docs/roller.md shows the same as a table."""

from services.chassis.auth.roles import Roll

RAPPORT = tuple(Roll)
"""Read a report: sums and de-identified rows."""

VARFOR = (
    Roll.SOCIALSEKRETERARE,
    Roll.ENHETSCHEF,
    Roll.AVTALSCONTROLLER,
    Roll.EKONOM,
    Roll.RAPPORTOR,
    Roll.ADMINISTRATOR,
    Roll.SYSTEM,
)
"""Open a figure down to placements, which are pseudonymous but still about persons."""

KARANTAN = (Roll.ADMINISTRATOR, Roll.SYSTEM)
"""See and decide about messages put aside."""
