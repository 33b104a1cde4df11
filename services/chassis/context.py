"""Who acts, for which kommun, and on which call: carried by hand into every decision.

Guarantees that the domain never looks around itself for these: whatever an event says of its
actor stands in the arguments of the method that made it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sammanhang:
    """The circumstances of one command.

    ``kommunkod`` is four digits, ``aktor`` the token's subject (never a name), ``korrelation``
    the id that joins the call, its log lines and its events.
    """

    kommunkod: str
    aktor: str
    korrelation: str
