"""Which roles may do what in this service; docs/roller.md shows the same as a table."""

from services.chassis.auth.roles import Roll

BESLUTA = (Roll.SOCIALSEKRETERARE, Roll.ENHETSCHEF, Roll.SYSTEM)
"""Register persons, record beslut and placeringar."""

DELEGERA = (Roll.NAMNDSEKRETERARE, Roll.ADMINISTRATOR, Roll.SYSTEM)
"""Enter a nämnd's delegationsordning."""

LASA_PERSON = (Roll.SOCIALSEKRETERARE, Roll.ENHETSCHEF)
"""Read personal data; every read is logged (R-SEK-3)."""

BRYTA_GLASET = LASA_PERSON
"""Read about a person out of reach, with a reason that the enhetschef is shown (R-SEK-3)."""

GRANSKA_LOGGEN = (Roll.ENHETSCHEF, Roll.REVISOR)
"""Search the access log for systematic checks; every search is itself logged (R-SEK-3)."""

LASA_KLIENTER = (Roll.SOCIALSEKRETERARE, Roll.ENHETSCHEF, Roll.SYSTEM)
"""List persons by their pseudonyms."""

LASA_BESLUT = (
    Roll.SOCIALSEKRETERARE,
    Roll.ENHETSCHEF,
    Roll.RAPPORTOR,
    Roll.REVISOR,
    Roll.NAMNDSEKRETERARE,
    Roll.SYSTEM,
)
"""Read beslut, pseudonymous."""

LASA_PLACERINGAR = (
    Roll.SOCIALSEKRETERARE,
    Roll.ENHETSCHEF,
    Roll.AVTALSCONTROLLER,
    Roll.EKONOM,
    Roll.REVISOR,
    Roll.SYSTEM,
)
"""Read placeringar, pseudonymous."""
