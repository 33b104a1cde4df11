"""The gate refuses each kind of change that breaks a consumer, and lets the harmless ones pass."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from contracts import grind
from contracts.handelse import Kontraktshandelse
from contracts.schema import alla_scheman, filnamn, handelseschema
from contracts.tjanster import ROT

Schema = dict[str, Any]
INLEDD = "placering/PlaceringInledd.v1.json"


class Prov(Kontraktshandelse, frozen=True, kw_only=True):
    """An event of its own for the gate's tests."""

    tjanst = "placering"
    nyckelfalt = "klient"

    klient: UUID
    belopp_ore: int
    koder: tuple[str, ...] = ()


def _falt(namn: str) -> Callable[[Schema], Schema]:
    def valj(schema: Schema) -> Schema:
        falt: Schema = schema["properties"][namn]
        return falt

    return valj


def _utan(namn: str) -> Callable[[Schema], None]:
    def andra(schema: Schema) -> None:
        del schema["properties"][namn]
        schema["required"].remove(namn)

    return andra


def _byt_namn(schema: Schema) -> None:
    schema["properties"]["fran_och_med"] = schema["properties"].pop("fran")
    schema["required"] = [n.replace("fran", "fran_och_med") for n in schema["required"]]


def _nytt_krav(schema: Schema) -> None:
    schema["properties"]["hem"] = {"type": "string"}
    schema["required"].append("hem")


def _satt(namn: str, **villkor: object) -> Callable[[Schema], None]:
    def andra(schema: Schema) -> None:
        schema["properties"][namn].update(villkor)

    return andra


def _byt(namn: str, nytt: Schema) -> Callable[[Schema], None]:
    def andra(schema: Schema) -> None:
        schema["properties"][namn] = nytt

    return andra


def _ta_kod(schema: Schema) -> None:
    schema["$defs"]["Form"]["enum"].remove("jourhem")


def _frivilligt(schema: Schema) -> None:
    schema["required"].remove("natverk")


def _obligatoriskt(schema: Schema) -> None:
    schema["required"].append("flaggor")


def _nyckel(schema: Schema) -> None:
    schema["x-nyckel"] = "placering"


def _stang(schema: Schema) -> None:
    schema["additionalProperties"] = False


BRYTANDE: dict[str, tuple[Callable[[Schema], None], str, str]] = {
    "borttaget falt": (_utan("natverk"), "natverk", "borttaget"),
    "omdopt falt": (_byt_namn, "fran", "bytt namn"),
    "ny typ": (_byt("natverk", {"type": "string"}), "natverk", "typen"),
    "ny typ pa raderna": (
        _byt("flaggor", {"type": "array", "items": {"type": "integer"}, "default": []}),
        "flaggor[]",
        "typen",
    ),
    "blir en av flera typer": (
        _byt("natverk", {"anyOf": [{"type": "boolean"}, {"type": "integer"}]}),
        "natverk",
        "typen",
    ),
    "rader utan typ": (_byt("flaggor", {"type": "array", "default": []}), "flaggor", "raderna"),
    "kodlista blir fri text": (_byt("form", {"type": "string"}), "form", "kodlista"),
    "nytt obligatoriskt falt": (_nytt_krav, "hem", "nytt och obligatoriskt"),
    "blir obligatoriskt": (_obligatoriskt, "flaggor", "blivit obligatoriskt"),
    "blir frivilligt": (_frivilligt, "natverk", "inte längre alltid"),
    "borttagen kod": (_ta_kod, "form", "”jourhem” är borttagen"),
    "andrat nyckelfalt": (_nyckel, "", "nyckelfältet"),
    "andrat format": (_satt("fran", format="date-time"), "fran", "format"),
    "nytt monster": (_satt("fran", pattern="^20"), "fran", "pattern"),
    "snavare undre grans": (_satt("belopp", minimum=1), "belopp", "minimum (snävare)"),
    "snavare ovre grans": (_satt("belopp", maximum=10), "belopp", "maximum (snävare)"),
    "vidare ovre grans": (_satt("belopp", maximum=1000), "belopp", "maximum (vidare)"),
    "far bli null": (
        _byt("natverk", {"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        "natverk",
        "får nu vara null",
    ),
    "far inte langre vara null": (
        _byt("enhet", {"type": "string", "format": "uuid"}),
        "enhet",
        "inte längre vara null",
    ),
    "annat forvalt varde": (_satt("flaggor", default=["R-PLA-3"]), "flaggor", "förvalt"),
    "okanda falt forbjuds": (_stang, "", "additionalProperties"),
}


def _slappt() -> Schema:
    """A released event with a bounded amount besides its own fields."""
    schema = copy.deepcopy(alla_scheman()[INLEDD])
    schema["properties"]["belopp"] = {"type": "integer", "minimum": 0, "maximum": 100}
    schema["required"].append("belopp")
    return schema


def test_kontrakten_bryter_inget_som_ar_slappt() -> None:
    assert grind.granska(grind.slappta_scheman(), alla_scheman()).brott == []


def test_inget_slappt_schema_eller_exempel_ar_andrat() -> None:
    assert grind.kontrollsummor()
    assert grind.rorda_filer() == []
    slappta = {f"slappta/{namn}" for namn in grind.slappta_scheman()}
    assert slappta == {namn for namn in grind.kontrollsummor() if namn.startswith("slappta/")}


@pytest.mark.parametrize("fall", BRYTANDE)
def test_brytande_andring_vagras(fall: str) -> None:
    andra, falt, text = BRYTANDE[fall]
    nu = _slappt()
    andra(nu)
    brott = grind.granska({INLEDD: _slappt()}, {INLEDD: nu}).brott
    plats = f"placering/PlaceringInledd.v1, fältet ”{falt}”" if falt else INLEDD[:-5]
    funna = [rad for rad in brott if rad.startswith(f"{plats}: ") and text in rad]
    assert funna, brott
    assert "klassen PlaceringInleddV2 med version = 2" in funna[0]


def test_borttagen_handelse_vagras() -> None:
    (brott,) = grind.granska({INLEDD: _slappt()}, {}).brott
    assert brott.startswith("placering/PlaceringInledd.v1: händelsen är borttagen")


def test_andrat_huvud_vagras_med_sitt_eget_rad() -> None:
    namn = "protokoll/Huvuden.v1.json"
    nu = copy.deepcopy(alla_scheman()[namn])
    _utan("fore")(nu)
    (brott,) = grind.granska({namn: alla_scheman()[namn]}, {namn: nu}).brott
    assert "fältet ”fore”" in brott
    assert "nya ämnen" in brott


def _nytt_frivilligt(schema: Schema) -> None:
    schema["properties"]["hem"] = {"type": "string", "default": ""}


def _ny_kod(schema: Schema) -> None:
    schema["$defs"]["Form"]["enum"].append("kollo")


def _ny_beskrivning(schema: Schema) -> None:
    schema["description"] = "In other words."
    _falt("avtal")(schema)["description"] = "In other words."


def _annan_ordning(schema: Schema) -> None:
    schema["required"].reverse()
    schema["$defs"]["Regi"]["enum"].reverse()


def _kodlista_pa_plats(schema: Schema) -> None:
    schema["properties"]["form"] = schema["$defs"].pop("Form")


@pytest.mark.parametrize(
    ("andra", "nytt"),
    [
        (_nytt_frivilligt, ["placering/PlaceringInledd.v1, fältet ”hem”: är nytt och frivilligt"]),
        (
            _ny_kod,
            [
                "placering/PlaceringInledd.v1, fältet ”form”: koden ”kollo” är ny; "
                "konsumenter ska tåla den"
            ],
        ),
        (_ny_beskrivning, []),
        (_annan_ordning, []),
        (_kodlista_pa_plats, []),
    ],
)
def test_ofarlig_andring_gar_igenom(andra: Callable[[Schema], None], nytt: list[str]) -> None:
    nu = _slappt()
    andra(nu)
    assert grind.granska({INLEDD: _slappt()}, {INLEDD: nu}) == grind.Utlatande([], nytt)


def test_ny_handelse_gar_igenom_och_sags_vara_ny() -> None:
    assert grind.granska({}, {INLEDD: _slappt()}) == grind.Utlatande(
        [], ["placering/PlaceringInledd.v1: är ny"]
    )


def test_andring_djupt_under_en_hanvisning_syns() -> None:
    """In a map's values and in a type that contains itself."""
    slappt = _slappt()
    slappt["$defs"]["Nod"] = {
        "type": "object",
        "properties": {"kod": {"$ref": "#/$defs/Form"}, "under": {"$ref": "#/$defs/Nod"}},
    }
    slappt["properties"]["trad"] = {"$ref": "#/$defs/Nod"}
    slappt["properties"]["per_form"] = {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Form"},
    }
    nu = copy.deepcopy(slappt)
    assert grind.granska({INLEDD: slappt}, {INLEDD: nu}) == grind.Utlatande([], [])
    _ta_kod(nu)
    brott = grind.granska({INLEDD: slappt}, {INLEDD: nu}).brott
    assert [rad.split("”")[1] for rad in brott] == ["form", "trad.kod", "per_form"]


@pytest.mark.parametrize(
    ("falt", "bryter"),
    [
        ([("klient", UUID), ("belopp_ore", int), ("koder", tuple[str, ...], ())], False),
        (
            [
                ("klient", UUID),
                ("belopp_ore", int),
                ("koder", tuple[str, ...], ()),
                ("hem", str | None, None),
            ],
            False,
        ),
        ([("klient", UUID), ("belopp_ore", float), ("koder", tuple[str, ...], ())], True),
        ([("klient", UUID), ("belopp_ore", int | None), ("koder", tuple[str, ...], ())], True),
        ([("klient", UUID), ("koder", tuple[str, ...], ())], True),
        ([("klient", UUID), ("belopp_ore", int), ("koder", tuple[int, ...], ())], True),
    ],
)
def test_grinden_ser_andringen_anda_fran_klassen(falt: list[Any], bryter: bool) -> None:
    andrad = cast(
        type[Kontraktshandelse],
        msgspec.defstruct(
            "Prov",
            falt,
            bases=(Kontraktshandelse,),
            namespace={"tjanst": "placering", "nyckelfalt": "klient"},
            frozen=True,
            kw_only=True,
        ),
    )
    slappt, nu = handelseschema(Prov), handelseschema(andrad)
    utlatande = grind.granska({filnamn(Prov): slappt}, {filnamn(andrad): nu})
    assert bool(utlatande.brott) is bryter


@pytest.fixture
def kopia(tmp_path: Path) -> Path:
    """The released files and the examples, to be spoilt."""
    shutil.copytree(ROT / "slappta", tmp_path / "slappta")
    shutil.copytree(ROT / "exempel", tmp_path / "exempel")
    assert grind.rorda_filer(tmp_path) == []
    return tmp_path


def test_slappt_exempel_far_inte_andras(kopia: Path) -> None:
    fil = kopia / "exempel" / INLEDD
    fil.write_bytes(fil.read_bytes().replace(b"425000", b"425001"))
    (rad,) = grind.rorda_filer(kopia)
    assert rad.startswith(f"exempel/{INLEDD}: den släppta filen är ändrad")


def test_slappt_schema_far_inte_andras_eller_forsvinna(kopia: Path) -> None:
    fil = kopia / "slappta" / INLEDD
    fil.write_bytes(fil.read_bytes().replace(b'"natverk"', b'"natverket"'))
    (kopia / "exempel" / INLEDD).unlink()
    assert [rad.split(".")[0] for rad in grind.rorda_filer(kopia)] == [
        "exempel/placering/PlaceringInledd",
        "slappta/placering/PlaceringInledd",
    ]


def test_slapp_fryser_scheman_och_exempel(tmp_path: Path) -> None:
    shutil.copytree(ROT / "exempel", tmp_path / "exempel")
    grind.slapp(tmp_path)
    assert grind.slappta_scheman(tmp_path / "slappta") == alla_scheman()
    assert INLEDD in grind.slappta_exempel(tmp_path / "slappta")
    assert grind.rorda_filer(tmp_path) == []


def test_kommandot_slutar_med_ett_och_slapper_inget_nar_nagot_bryter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nu = alla_scheman() | {INLEDD: _slappt()}
    _ta_kod(nu[INLEDD])
    monkeypatch.setattr(grind, "alla_scheman", lambda: nu)
    fore = grind.kontrollsummor()
    assert grind.main(["--slapp"]) == 1
    skrivet = capsys.readouterr()
    assert "BRYTER  placering/PlaceringInledd.v1, fältet ”form”" in skrivet.err
    assert skrivet.out == ""
    assert grind.kontrollsummor() == fore


def test_kommandot_slutar_med_noll_och_sager_vad_som_ar_nytt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nu = alla_scheman()
    _nytt_frivilligt(nu[INLEDD])
    monkeypatch.setattr(grind, "alla_scheman", lambda: nu)
    assert grind.main([]) == 0
    assert "nytt  placering/PlaceringInledd.v1, fältet ”hem”: är nytt" in capsys.readouterr().out


def test_kommandot_slapper_det_nya_nar_inget_bryter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slappt: list[bool] = []
    monkeypatch.setattr(grind, "slappta_scheman", dict)
    monkeypatch.setattr(grind, "slapp", lambda: slappt.append(True))
    assert grind.main(["--slapp"]) == 0
    assert slappt == [True]
    assert "släppt  placering/PlaceringInledd.v1: är ny" in capsys.readouterr().out


def test_utan_slappta_filer_ar_inget_fryst(tmp_path: Path) -> None:
    assert grind.kontrollsummor(tmp_path) == {}
    assert grind.slappta_exempel(tmp_path) == set()
