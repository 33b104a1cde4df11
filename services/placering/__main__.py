"""``python -m services.placering api|strom|migrera|ny-epok|byt-huvudnyckel``: its processes."""

import sys

import psycopg

from services.chassis.http.app import keyring_of
from services.chassis.run import main
from services.chassis.settings import ServiceSettings
from services.chassis.streams.rebuilding import libpq_url
from services.placering.app import NAME, app
from services.placering.process import PARTS
from services.placering.views.nyckelbyte import byt_huvudnyckel


def _byt_huvudnyckel(settings: ServiceSettings) -> None:
    """Wrap every klient's key by ``DYGN_MASTER_KEY``, reading with the others as well."""
    if settings.owner_database_url is None:
        raise SystemExit("DYGN_OWNER_DATABASE_URL saknas")
    url = libpq_url(settings.owner_database_url.get_secret_value())
    with psycopg.connect(url, autocommit=True) as agare:
        utfall = byt_huvudnyckel(agare, keyring_of(settings))
    sys.stdout.write(
        f"{utfall.bytta} nycklar är inslagna på nytt; alla {utfall.alla} är inslagna av"
        " DYGN_MASTER_KEY.\n"
    )


if __name__ == "__main__":
    main(NAME, app, PARTS, {"byt-huvudnyckel": _byt_huvudnyckel})
