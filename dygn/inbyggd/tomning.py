"""Begin anew: stop what a killed run left in a catalogue, then remove everything in it."""

from dygn.inbyggd.kafka import Kafka
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres


def tom(katalog: Katalog) -> None:
    """Empty the catalogue whose lock we hold; all data in it is gone. The lock stays held.

    The servers are stopped first: one that lives on would go on writing into removed files.
    """
    katalog.oppna().las()
    Postgres(katalog).stoppa_kvarleva()
    Kafka(katalog).stoppa_kvarleva()
    katalog.radera()
