"""A change of the basic price of a placering taken over before."""

from contracts.ord import Prisslag
from services.chassis.rules import Breach
from services.placering.domain.placering import Placering, Prisrad
from services.placering.overtagande.gemensamt import Overtagning, Radfel, Utfallet
from services.placering.overtagande.rader import Prisandringsrad


def ta_over(overtagning: Overtagning, rad: Prisandringsrad) -> Utfallet:
    """The price row; one a placering and day."""
    application = overtagning.application
    placering = application.find(Placering, overtagning.id("placering", rad.placering))
    if placering is None:
        text = "Ingen placering med den referensen har tagits över från källan."
        raise Radfel([Breach(None, "/placering", text)])
    id = overtagning.id("prisandring", f"{rad.placering}|{rad.fran.isoformat()}")
    ny = Prisrad(Prisslag.GRUND, rad.fran, None, rad.dygnspris_ore)
    fanns = placering.prisrader.get(id)
    if fanns == ny:
        return id, False, ()
    if fanns is not None:
        text = "Ett annat pris från den dagen har redan tagits över."
        raise Radfel([Breach(None, "/dygnspris_ore", text)])
    fel = placering.om_prisraden(ny)
    if any(fel):
        raise Radfel(fel)
    flaggor: tuple[Breach, ...] = ()
    if placering.till is not None and rad.fran > placering.till:
        flaggor = (Breach("R-PLA-18", "/fran", "Priset börjar efter placeringens sista dag."),)
    placering.satt_pris(overtagning.sammanhang, id, ny)
    application.save(placering)
    return id, True, flaggor
