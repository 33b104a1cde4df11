"""The invented kommun: klienter with their stays, price changes, other beslut and corrections.

Guarantees: the same seed, number and last day give the same rows; exactly so many placements;
every placeringsform where there are twelve or more; no person in two places but on the day of a
move; every row good by the rules that judge an import. Rows are texts, as in the import files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dygn.exempel.former import (
    INSATSER,
    NAMNDER,
    VANLIGT,
    VANLIGT_FOR,
    Vanligt,
    lagrum,
)
from dygn.exempel.leverantorer import Leverantor, Plats, Rad, leverantorer
from dygn.exempel.slump import Slump

AR = 8
"""Years of history."""
EN_DAG = timedelta(days=1)
_PRISANDRINGAR = (6, 10)
"""Price changes per placement."""
_FASTA: tuple[tuple[str, str | None], ...] = (
    *((ett.form, None) for ett in VANLIGT),
    ("annan_heldygnsvard", "avliden"),
    ("stodboende", "myndig_avflyttad"),
    ("konsulentstott_familjehem", "avtal_upphort"),
    ("hvb", "sammanbrott"),
    ("boende_vuxna", "annan"),
)
"""The first persons' form and reason: they see to it that the rare ones are there too."""


@dataclass(frozen=True, slots=True)
class Rattelse:
    """A placement that was recorded wrong: with a wrong price, or when it should not have been.

    ``dygnspris_ore`` None: it is to be annulled. ``skal`` is the contracts' code.
    """

    placering: str
    skal: str
    dygnspris_ore: int | None


@dataclass(slots=True)
class Exempelkommun:
    """The rows of each import file, and the corrections that are posted afterwards."""

    fro: int
    tom: date
    leverantorer: list[Rad] = field(default_factory=list)
    placeringar: list[Rad] = field(default_factory=list)
    prisandringar: list[Rad] = field(default_factory=list)
    beslut: list[Rad] = field(default_factory=list)
    rattelser: list[Rattelse] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Vistelse:
    """A stay while it is made; ``till`` None: it runs. Price in öre, None: the list price."""

    form: str
    plats: Plats | None
    fran: date
    till: date | None
    pris_ore: int | None
    orsak: str | None


def exempelkommun(fro: int, placeringar: int, tom: date) -> Exempelkommun:
    """A kommun with so many placements, the last of them known on ``tom``."""
    slump = Slump(fro)
    forst = date(tom.year - AR, 1, 1)
    register = leverantorer(slump, placeringar, forst)
    ut = Exempelkommun(fro, tom)
    ut.leverantorer = [rad for leverantor in register for rad in leverantor.rader()]
    platser = _platser(register)
    nummer = 0
    while len(ut.placeringar) < placeringar:
        nummer += 1
        kvar = placeringar - len(ut.placeringar)
        ut.placeringar += _klientens_rader(slump, nummer, platser, forst, tom, kvar)
    ut.prisandringar = _prisandringar(slump, ut.placeringar, tom)
    ut.beslut = _beslut(slump, max(placeringar // 5, 10), tom)
    ut.rattelser = _rattelser(slump, ut)
    return ut


def _platser(register: Sequence[Leverantor]) -> dict[str, list[Plats]]:
    ut: dict[str, list[Plats]] = {}
    for leverantor in register:
        for plats in leverantor.platser:
            ut.setdefault(plats.form, []).append(plats)
    return ut


# --- a klient ----------------------------------------------------------------------------------


def _klientens_rader(
    slump: Slump,
    nummer: int,
    platser: dict[str, list[Plats]],
    forst: date,
    tom: date,
    hogst: int,
) -> list[Rad]:
    """One person's placements in order, at most ``hogst``."""
    form, orsak = _FASTA[nummer - 1] if nummer <= len(_FASTA) else (None, None)
    vanligt = VANLIGT_FOR[form] if form else slump.vagt([(ett.vikt, ett) for ett in VANLIGT])
    # A reason that is given beforehand needs a stay that has surely ended.
    fran = slump.dag(forst, tom - timedelta(days=vanligt.langd[1] + 1 if orsak else 30))
    fodd = _fodd(slump, vanligt, fran)
    onskat = 1 if form else slump.vagt(((52, 1), (25, 2), (13, 3), (7, 4), (3, 5)))
    klient = f"K{nummer:05d}"
    kon = slump.vagt(((52, "M"), (47, "K"), (1, "A")))
    kant_datum = "" if slump.chans(3) else fodd.isoformat()
    vistelser = _vistelser(slump, vanligt, fran, fodd, tom, min(hogst, onskat), platser)
    if orsak:
        vistelser[-1] = replace(vistelser[-1], orsak=orsak)
    return [
        _rad(slump, f"P{nummer:05d}-{ordning}", klient, kon, kant_datum, vistelse)
        for ordning, vistelse in enumerate(vistelser, 1)
    ]


def _fodd(slump: Slump, vanligt: Vanligt, fran: date) -> date:
    alder = slump.tal(*vanligt.alder)
    # A child that is placed newborn is born before it is placed.
    return fran - timedelta(days=365 * alder + alder // 4 + slump.tal(1, 364))


def _alder(fodd: date, dag: date) -> int:
    return dag.year - fodd.year - ((dag.month, dag.day) < (fodd.month, fodd.day))


def _vistelser(
    slump: Slump,
    vanligt: Vanligt,
    fran: date,
    fodd: date,
    tom: date,
    antal: int,
    platser: dict[str, list[Plats]],
) -> list[_Vistelse]:
    ut: list[_Vistelse] = []
    while True:
        plats, pris = _plats_och_pris(slump, vanligt, platser, fran)
        till = fran + timedelta(days=slump.mest_korta(*vanligt.langd) - 1)
        if till >= tom:
            ut.append(_Vistelse(vanligt.form, plats, fran, None, pris, None))
            return ut
        nasta = _nasta(slump, vanligt, till, fodd) if len(ut) + 1 < antal else None
        if nasta is None or nasta[1] >= tom:
            orsak = _sista_orsak(slump, _alder(fodd, till))
            ut.append(_Vistelse(vanligt.form, plats, fran, till, pris, orsak))
            return ut
        orsak, nasta_fran, nytt = nasta
        ut.append(_Vistelse(vanligt.form, plats, fran, till, pris, orsak))
        vanligt, fran = nytt, nasta_fran


def _nasta(
    slump: Slump, vanligt: Vanligt, till: date, fodd: date
) -> tuple[str, date, Vanligt] | None:
    """Why the stay ended, when the next begins and of which form it is."""
    if vanligt.form == "konsulentstott_familjehem" and slump.chans(25):
        return "omvandling", till, VANLIGT_FOR["eget_familjehem"]
    passar = [
        (ett.vikt, ett) for ett in VANLIGT if ett.alder[0] <= _alder(fodd, till) <= ett.alder[1]
    ]
    if not passar:
        return None
    ny = slump.vagt(passar)
    match slump.vagt(((50, "samma dag"), (20, "dagen efter"), (30, "uppehall"))):
        case "samma dag":
            return slump.vagt(((9, "omplacering"), (1, "sammanbrott"))), till, ny
        case "dagen efter":
            orsak = slump.vagt(((8, "omplacering"), (1, "sammanbrott"), (1, "avtal_upphort")))
            return orsak, till + EN_DAG, ny
        case _:
            orsak = slump.vagt(((9, "planerad"), (1, "sammanbrott")))
            return orsak, till + timedelta(days=slump.tal(8, 240)), ny


def _sista_orsak(slump: Slump, alder: int) -> str:
    vuxen = ((20, "myndig_avflyttad"),) if 18 <= alder <= 21 else ((0, "myndig_avflyttad"),)
    aldre = ((4, "avliden"),) if alder >= 21 else ((0, "avliden"),)
    return slump.vagt(
        ((80, "planerad"), *vuxen, *aldre, (3, "annan"), (2, "avtal_upphort"), (3, "sammanbrott"))
    )


def _plats_och_pris(
    slump: Slump, vanligt: Vanligt, platser: dict[str, list[Plats]], fran: date
) -> tuple[Plats | None, int | None]:
    """Where, and the agreed price in öre per day; None where the list price is to bind."""
    if not slump.chans(vanligt.extern):
        return None, slump.tal(vanligt.pris[0] // 10, vanligt.pris[1] // 10) * 1000
    plats = slump.val(platser[vanligt.form])
    listpris = plats.listpris(fran)
    if listpris is None:
        return plats, slump.tal(vanligt.pris[0] // 10, vanligt.pris[1] // 10) * 1000
    if slump.chans(8):
        return plats, None
    return plats, listpris * slump.tal(97, 108) // 100 // 1000 * 1000


def _rad(
    slump: Slump, referens: str, klient: str, kon: str, fodelsedatum: str, vistelse: _Vistelse
) -> Rad:
    beslutsdatum = vistelse.fran - timedelta(days=slump.mest_korta(0, 21))
    grund = slump.vagt(VANLIGT_FOR[vistelse.form].lagrum)
    plats = vistelse.plats
    return {
        "referens": referens,
        "klient": klient,
        "kon": kon,
        "fodelsedatum": fodelsedatum,
        "lagrum": lagrum(grund, beslutsdatum),
        "beslutsdatum": beslutsdatum.isoformat(),
        "placeringsform": vistelse.form,
        "organisationsnummer": plats.organisationsnummer if plats else "",
        "enhet": (plats.enhet or "") if plats else "",
        "fran": vistelse.fran.isoformat(),
        "till": vistelse.till.isoformat() if vistelse.till else "",
        "dygnspris_ore": "" if vistelse.pris_ore is None else str(vistelse.pris_ore),
        "avslutsorsak": vistelse.orsak or "",
    }


# --- price changes, other beslut, corrections --------------------------------------------------


def _prisandringar(slump: Slump, placeringar: Sequence[Rad], tom: date) -> list[Rad]:
    """New prices, most on the first of a month, never two on the same day for one placement."""
    taljare, namnare = _PRISANDRINGAR
    onskade = len(placeringar) * taljare // namnare
    langa = [rad for rad in placeringar if _dagar(rad, tom) > 45]
    tagna: dict[tuple[str, str], Rad] = {}
    for _ in range(20 * onskade):
        if len(tagna) >= onskade or not langa:
            break
        rad = slump.val(langa)
        fran = date.fromisoformat(rad["fran"]) + timedelta(days=slump.tal(1, _dagar(rad, tom) - 1))
        forsta = fran.replace(day=1)
        if slump.chans(70) and forsta.isoformat() > rad["fran"]:
            fran = forsta
        grund = int(rad["dygnspris_ore"] or VANLIGT_FOR[rad["placeringsform"]].pris[0] * 100)
        pris = grund * slump.tal(98, 112) // 100 // 1000 * 1000
        andring = {
            "placering": rad["referens"],
            "fran": fran.isoformat(),
            "dygnspris_ore": str(pris),
        }
        tagna.setdefault((andring["placering"], andring["fran"]), andring)
    return [tagna[nyckel] for nyckel in sorted(tagna)]


def _dagar(rad: Rad, tom: date) -> int:
    slut = date.fromisoformat(rad["till"]) if rad["till"] else tom
    return (slut - date.fromisoformat(rad["fran"])).days + 1


def _beslut(slump: Slump, antal: int, tom: date) -> list[Rad]:
    """Beslut of other insatser: most carried out, some late, some in part, some interrupted."""
    return [_ett_beslut(slump, nummer, tom) for nummer in range(1, antal + 1)]


def _ett_beslut(slump: Slump, nummer: int, tom: date) -> Rad:
    datum = tom - timedelta(days=slump.mest_korta(5, 900))
    rad = {
        "referens": f"B{nummer:05d}",
        "kon": slump.vagt(((52, "M"), (47, "K"), (1, "A"))),
        "lagrum": lagrum("SoL", datum),
        "insatstyp": slump.val(INSATSER),
        "beslutsdatum": datum.isoformat(),
        "namnd": slump.val(NAMNDER),
        "fodelsear": str(datum.year - slump.tal(6, 70)),
        "verkstallighet": "",
        "verkstalld_datum": "",
        "avbrott_datum": "",
        "aterupptagen_datum": "",
        "orsak": "",
    }
    if slump.chans(25):
        rad["orsak"] = slump.val(("resursbrist", "onskemal_uppdragstagare", "tackat_nej"))
        return rad
    inledd = min(datum + timedelta(days=slump.mest_korta(3, 160)), tom)
    rad["verkstallighet"] = slump.vagt(((9, "helt"), (1, "delvis")))
    rad["verkstalld_datum"] = inledd.isoformat()
    avbrott = inledd + timedelta(days=slump.tal(30, 300))
    if slump.chans(20) and avbrott < tom:
        rad["avbrott_datum"] = avbrott.isoformat()
        ater = avbrott + timedelta(days=slump.tal(10, 150))
        if slump.chans(60) and ater < tom:
            rad["aterupptagen_datum"] = ater.isoformat()
    return rad


def _rattelser(slump: Slump, kommun: Exempelkommun) -> list[Rattelse]:
    """A wrong price for two placements in a hundred, and one in a hundred that never was."""
    har_andring = {rad["placering"] for rad in kommun.prisandringar}
    med_pris = [
        rad
        for rad in kommun.placeringar
        if rad["dygnspris_ore"] and rad["referens"] not in har_andring
    ]
    valda = slump.urval(med_pris, max(3, len(kommun.placeringar) * 3 // 100))
    return [
        Rattelse(rad["referens"], "dubblett", None)
        if ordning % 3 == 2
        else Rattelse(rad["referens"], "skrivfel", int(rad["dygnspris_ore"]) + 10_000)
        for ordning, rad in enumerate(valda)
    ]
