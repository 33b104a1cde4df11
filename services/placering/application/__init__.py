"""The use cases of the service: load, decide, save.

Guarantees that a use case either stores everything that it decided or nothing, personal data
included, and that each one can be read from top to bottom. Ids are given by the caller (the API
makes them), so that a repeated command speaks of the same thing.
"""

from services.placering.application.atgarder import Atgardsfall
from services.placering.application.beslut import Beslutsfall
from services.placering.application.delegation import Delegationsfall
from services.placering.application.drojsmal import Drojsmalsfall
from services.placering.application.familjehemslistor import Familjehemslistfall
from services.placering.application.franvaro import Franvarofall
from services.placering.application.hemomvandling import Omvandlingsfall
from services.placering.application.klienter import Klientfall
from services.placering.application.placeringsavtal import Placeringsavtalsfall


class PlaceringApplication(
    Klientfall,
    Beslutsfall,
    Drojsmalsfall,
    Delegationsfall,
    Franvarofall,
    Omvandlingsfall,
    Placeringsavtalsfall,
    Atgardsfall,
    Familjehemslistfall,
):
    """What the service placering can do."""

    name = "placering"
