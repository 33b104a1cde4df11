"""Answers of the service uppfoljning, written by hand, to see how they are rendered."""

from typing import Any

UNDERLAG: dict[str, Any] = {
    "kommunkod": "1490",
    "fran": "2024-01-01",
    "till": "2024-12-31",
    "per": None,
    "snitt": "placeringsform",
    "lag": None,
    "grans": None,
    "omrade": None,
    "kand_per": None,
    "slutlig": False,
    "skal": ["Ingen tidpunkt är angiven."],
    "w": "2025-01-02T11:00:00+00:00",
    "framtagen": "2025-01-02T11:00:01.250000+00:00",
    "strommar": [
        {"strom": "placering", "epok": 1, "pos": 1234, "registrerad": "2025-01-02T11:00:00+00:00"},
        {"strom": "leverantor", "epok": 2, "pos": 51, "registrerad": None},
    ],
    "moms": "exklusive moms",
}

_TAL = (
    "antal_placerade",
    "antal_placeringar",
    "debiterade_dygn",
    "varddygn",
    "kostnad_ore",
    "dygnskostnad_ore",
    "dygn_utan_pris",
)


def tal(*varden: int | None) -> dict[str, int | None]:
    """The figures of report 1, in its columns' order."""
    return dict(zip(_TAL, varden, strict=True))


DYGNSKOSTNADER: dict[str, Any] = {
    "rapport": "dygnskostnader",
    "underlag": UNDERLAG,
    "rader": [
        {"nyckel": "hvb", "namn": "HVB", **tal(41, 45, 12345, 12301, 8642108642, 700049, 3)},
        {"nyckel": "sis", "namn": "SiS", **tal(1, 1, 0, 1, 0, None, 0)},
    ],
    "summa": tal(41, 46, 12345, 12302, 8642108642, 700049, 3),
}


def _beslut(namnd: str, insats: str, kon: str, dagar: int, avbrott: int | None) -> dict[str, Any]:
    return {
        "beslut": "0b7b43a2-6a3e-5a3b-9b51-1c9a4c0d9e11",
        "namnd": namnd,
        "insatstyp": insats,
        "kon": kon,
        "lage": "ej_verkstalld" if avbrott is None else "ej_aterupptagen",
        "lagrum": "9 § LSS",
        "beslutsdatum": "2020-03-07",
        "avbrottsdatum": None if avbrott is None else "2023-09-02",
        "dagar_sedan_beslut": dagar,
        "dagar_sedan_avbrott": avbrott,
        "orsak": None,
    }


def _analys(insats: str, *varden: int, orsaker: dict[str, int]) -> dict[str, Any]:
    matt = ("antal", "ej_verkstallda", "ej_aterupptagna", "man", "kvinnor", "annan", "nya")
    return {
        "insatstyp": insats,
        **dict(zip((*matt, "borta", "langsta_dagar"), varden, strict=True)),
        "orsaker": orsaker,
    }


EVB: dict[str, Any] = {
    "rapport": "evb",
    "titel": "Ej verkställda gynnande beslut enligt 9 § LSS t.o.m. den 31 december 2023",
    "underlag": {
        **UNDERLAG,
        "fran": None,
        "till": None,
        "snitt": None,
        "per": "2023-12-31",
        "lag": "LSS",
        "grans": "3m",
        "kand_per": "2023-12-31T23:00:00+00:00",
        "slutlig": True,
        "skal": [],
    },
    "rader": [
        _beslut("Sociala omsorgsnämnden", "Daglig verksamhet", "M", 1376, None),
        _beslut("Sociala omsorgsnämnden", "Daglig verksamhet", "M", 1376, None),
        _beslut("Sociala omsorgsnämnden", "Daglig verksamhet", "K", 1395, 120),
        _beslut("Sociala omsorgsnämnden", "Avlösarservice", "A", 92, None),
    ],
    "analys": [
        _analys("Daglig verksamhet", 3, 2, 1, 2, 1, 0, 1, 2, 1395, orsaker={"resursbrist": 2}),
        _analys("Avlösarservice", 1, 1, 0, 0, 0, 1, 0, 0, 92, orsaker={}),
    ],
    "summa": {"antal": 4, "ej_verkstallda": 3, "ej_aterupptagna": 1},
    "forra_per": "2023-09-30",
    "namnder_utan": ["Äldrenämnden"],
}

_INSTITUTION = "Barn och unga externa institutionsplaceringar"


def _leverantor(omrade: str, nummer: str, namn: str, *varden: int) -> dict[str, Any]:
    matt = ("antal_placeringar", "varddygn", "kostnad_ore")
    return {
        "omrade": omrade,
        "organisationsnummer": nummer,
        "namn": namn,
        **dict(zip(matt, varden, strict=True)),
    }


LEVERANTORER: dict[str, Any] = {
    "rapport": "leverantorer",
    "underlag": {**UNDERLAG, "snitt": None},
    "rader": [
        _leverantor("", "552000-0034", 'Exempel, "Ett" AB', 1, 34, 4210864),
        _leverantor(_INSTITUTION, "552000-0018", "Exempelvården Tallen AB", 12, 3456, 86421086),
        _leverantor(_INSTITUTION, "552000-0034", 'Exempel, "Ett" AB', 2, 70, 8421086),
    ],
    "antal_per_omrade": [
        {"omrade": "", "antal_leverantorer": 1},
        {"omrade": _INSTITUTION, "antal_leverantorer": 2},
    ],
    "summa": {
        "summa_over_omraden": 3,
        "antal_leverantorer": 2,
        "antal_placeringar": 15,
        "varddygn": 3560,
        "kostnad_ore": 99053036,
    },
}

VARFOR: dict[str, Any] = {
    "rapport": "dygnskostnader",
    "nyckel": "hvb",
    "underlag": UNDERLAG,
    "summa": tal(1, 1, 62, 61, 43400000, 700000, 0),
    "placeringar": [
        {
            "placering": "1b00319a-db44-5d5a-b3cc-47b0c64d1096",
            "klient": "2b00319a-db44-5d5a-b3cc-47b0c64d1096",
            "fran": "2024-01-01",
            "till": "2024-03-02",
            "debiterade_dygn": 62,
            "varddygn": 61,
            "kostnad_ore": 43400000,
            "intervall": [
                {
                    "fran": "2024-01-01",
                    "till": "2024-01-31",
                    "dygn": 31,
                    "pris_ore": 700000,
                    "grund_ore": 650000,
                    "tillagg_ore": 50000,
                    "kostnad_ore": 21700000,
                    "handelser": ["placering:1:17.0", "placering:1:19.0"],
                },
                {
                    "fran": "2024-02-01",
                    "till": "2024-03-02",
                    "dygn": 31,
                    "pris_ore": 700000,
                    "grund_ore": 700000,
                    "tillagg_ore": 0,
                    "kostnad_ore": 21700000,
                    "handelser": ["placering:1:17.0"],
                },
            ],
            "varddygnsintervall": [
                {"fran": "2024-01-01", "till": "2024-03-01", "dygn": 61, "handelser": []}
            ],
        }
    ],
}

VARFOR_EVB: dict[str, Any] = {
    "beslut": "0b7b43a2-6a3e-5a3b-9b51-1c9a4c0d9e11",
    "underlag": EVB["underlag"],
    "listad": True,
    "text": "Klockan går sedan 2023-09-02 och gränsen 3m är passerad 2023-12-31.",
    "regler": ["R-KLO-1"],
    "rad": EVB["rader"][2],
    "lagen": [
        {
            "fran": "2020-03-07",
            "till": "2023-09-01",
            "lage": "verkstalld",
            "klocka_fran": None,
            "handelser": ["placering:1:17.0"],
        },
        {
            "fran": "2023-09-02",
            "till": None,
            "lage": "avbruten",
            "klocka_fran": "2023-09-02",
            "handelser": ["placering:1:18.0"],
        },
    ],
}
