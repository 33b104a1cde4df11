"""Forms of homes: what a caller sends and what it gets back."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Tag

from contracts.ord import Form as Placeringsslag
from contracts.ord import Rattelseskal
from services.chassis.http.forms import Form
from services.placering.api.beslutsformer import BeslutsfattareUt, Ordforande, Tjansteman, Utskott
from services.placering.api.faltslag import AV_SLAG, ENRADIG, Fritext, Kort, Namn, Nummer, Ore
from services.placering.application.hemomvandling import Foljd
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.hemuppgifter import Hemutfall, Referenskalla

Beteckning = Annotated[
    str,
    Field(
        pattern=r"^[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9./-]{0,19}$",
        description="Hemmets beteckning i listor: versaler och siffror, aldrig ett namn.",
        examples=["FH-2031"],
    ),
]
Antal = Annotated[int, Field(strict=True, ge=0, le=20, description="Antal platser.")]
Kommunkod = Annotated[
    str, Field(pattern="^[0-9]{4}$", description="Kommunens kod, fyra siffror.", examples=["1480"])
]


class Hemuppgifter(Form):
    """What a home's record says; names and contacts are stored encrypted."""

    beteckning: Beteckning
    arbetsenhet: Annotated[
        Kort | None, Field(description="De som hör dit ändrar hemmet; utan: hela kommunen.")
    ] = None
    natverk: Annotated[bool, Field(description="Nätverkshem (R-PLA-15).")] = False
    fran: Annotated[date, Field(description="Första dagen någon kan bo där.")]
    namn: Annotated[Namn | None, Field(description="Den eller de som tar emot.")] = None
    kontakt: Annotated[
        str | None,
        Field(min_length=1, max_length=300, pattern=ENRADIG, description="Telefon, e-post."),
    ] = None
    adress: Annotated[
        str | None, Field(min_length=1, max_length=300, pattern=ENRADIG, description="Adress.")
    ] = None


class NyttHem(Hemuppgifter):
    """A home to register."""

    leverantor: Annotated[
        Nummer | None, Field(description="Vems hemmet är; utan: kommunens eget.")
    ] = None
    platser: Antal


class RattatHem(Hemuppgifter):
    """A home's record as it should be."""

    till: Annotated[date | None, Field(description="Sista dagen; utan: hemmet finns kvar.")] = None
    skal: Rattelseskal


class NyaPlatser(Form):
    """How many places there are from a day on; a row of the same day is replaced."""

    fran: date
    antal: Antal


class NyArvodesniva(Form):
    """The level of the arvode from a day on; a row of the same day is replaced."""

    fran: date
    niva: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_]{0,19}$",
            description="Nivåns kod i kommunens arvodestabell.",
            examples=["niva_2"],
        ),
    ]


class NyTillhorighet(Form):
    """Whose the home is from a day on; a row of the same day is replaced."""

    fran: date
    leverantor: Annotated[Nummer | None, Field(description="Vems hemmet är; null: kommunens eget.")]


class NyttHemslut(Form):
    """The home takes nobody in any longer."""

    till: Annotated[date, Field(description="Sista dagen någon kan bo där.")]


class NyIvoUnderrattelse(Form):
    """IVO was told of more than three placed children."""

    fran: Annotated[date, Field(description="En dag med fler än tre placerade barn.")]
    datum: Annotated[date, Field(description="Dagen då IVO underrättades.")]


class NyttAnnanKommunsBarn(Form):
    """A child whom another kommun placed, or with ``barn`` the row to replace."""

    kommun: Kommunkod
    referens: Annotated[
        str,
        Field(
            pattern=r"^[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9./-]{0,29}$",
            description="Den andra kommunens beteckning: versaler och siffror, aldrig ett namn.",
            examples=["2026-117"],
        ),
    ]
    fran: date
    till: Annotated[date | None, Field(description="Sista dagen; utan: tills vidare.")] = None
    barn: Annotated[UUID | None, Field(description="Raden som ersätts; utan: en ny.")] = None


class NyFoljd(Form):
    """What is said of one placering that goes along when a home is converted."""

    placering: UUID
    beslut: Annotated[UUID, Field(description="Beslutet som bär den nya placeringen.")]
    dygnspris_ore: Ore | None = None


class NyHemomvandling(Form):
    """The home is the kommun's own from a day on, with everybody who lives there."""

    fran: Annotated[date, Field(description="Dagen då hemmet blir kommunens eget.")]
    placeringar: Annotated[
        list[NyFoljd],
        Field(
            max_length=50,
            default_factory=list,
            description="De som följer med under annat beslut eller pris; övriga följer med ändå.",
        ),
    ]

    def falt(self) -> dict[str, Any]:
        """The fields as the application takes them."""
        foljder = [Foljd(**ett.model_dump()) for ett in self.placeringar]
        return {"fran": self.fran, "placeringar": foljder}


class NyUtredning(Form):
    """A finished utredning of the home, or with ``utredning`` the one to replace."""

    inledd: date | None = None
    avslutad: Annotated[date, Field(description="Dagen då utredningen blev klar.")]
    utfall: Hemutfall
    text: Annotated[Fritext | None, Field(description="Lagras krypterad.")] = None
    utredning: Annotated[UUID | None, Field(description="Den som ersätts; utan: en ny.")] = None


class NyReferens(Form):
    """A reference taken, or with ``referens`` the one to replace."""

    datum: date
    kalla: Referenskalla
    kommun: Kommunkod | None = None
    text: Annotated[Fritext | None, Field(description="Lagras krypterad.")] = None
    referens: Annotated[UUID | None, Field(description="Den som ersätts; utan: en ny.")] = None


GodkannareIn = Annotated[
    Annotated[Tjansteman, Tag("tjansteman")]
    | Annotated[Utskott, Tag("utskott")]
    | Annotated[Ordforande, Tag("ordforande")],
    AV_SLAG,
]


class NyttGodkannande(Form):
    """The home is approved, or with ``godkannande`` the one to replace."""

    form: Literal["familjehem", "jourhem"]
    beslutsdatum: date
    fran: date
    till: Annotated[date | None, Field(description="Sista dagen; utan: tills vidare.")] = None
    namnd: Annotated[Kort | None, Field(description="Krävs (R-BES-1).")] = None
    beslutsfattare: Annotated[
        GodkannareIn | None, Field(description="Krävs (R-BES-1); jourhem: utskott (R-BES-4).")
    ] = None
    godkannande: Annotated[UUID | None, Field(description="Det som ersätts; utan: ett nytt.")] = (
        None
    )

    def falt(self) -> dict[str, Any]:
        """The fields as the application takes them."""
        falt = self.model_dump(exclude={"beslutsfattare"})
        falt["form"] = Placeringsslag(self.form)
        vem = self.beslutsfattare
        falt["beslutsfattare"] = (
            None
            if vem is None
            else Beslutsfattare(Beslutsfattarslag(vem.slag), **vem.model_dump(exclude={"slag"}))
        )
        return falt


class _Ut(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PlatserUt(BaseModel):
    """How many places there are from a day on."""

    fran: date
    antal: int


class TillhorighetUt(BaseModel):
    """Whose the home is from a day on; ``leverantor`` ``None``: the kommun's own."""

    fran: date
    leverantor: str | None


class ArvodesnivaUt(BaseModel):
    """The level of the arvode from a day on."""

    fran: date
    niva: str


class AnnanKommunsBarnUt(BaseModel):
    """A child whom another kommun placed in the home."""

    barn: UUID
    kommun: str
    referens: str
    fran: date
    till: date | None


class UtredningUt(BaseModel):
    """A finished utredning, without its text."""

    utredning: UUID
    inledd: date | None
    avslutad: date
    utfall: Hemutfall


class ReferensUt(BaseModel):
    """A reference, without its text."""

    referens: UUID
    datum: date
    kalla: Referenskalla
    kommun: str | None


class GodkannandeUt(_Ut):
    """A godkännande, with the delegationsordning in force on its beslutsdatum."""

    godkannande: UUID
    form: Placeringsslag
    lagrum: str
    beslutsdatum: date
    fran: date
    till: date | None
    namnd: str
    beslutsfattare: BeslutsfattareUt
    ordning: UUID | None
    version: int | None
    flaggor: list[str]


class FlerBarnUt(BaseModel):
    """Days on which more than three placed children live in the home (R-PLA-8)."""

    fran: date
    till: date | None
    ivo_underrattad: Annotated[date | None, Field(description="Null: IVO är inte underrättad.")]


class HemUt(BaseModel):
    """A home as it is now, without personal data and without who lives there."""

    id: UUID
    version: int
    beteckning: str
    arbetsenhet: str | None
    natverk: bool
    fran: date
    till: date | None
    makulerat: bool
    platser: list[PlatserUt]
    tillhorighet: list[TillhorighetUt]
    utredningar: list[UtredningUt]
    referenser: list[ReferensUt]
    godkannanden: list[GodkannandeUt]
    arvodesniva: list[ArvodesnivaUt]
    andra_kommuners_barn: list[AnnanKommunsBarnUt]
    fler_an_tre_barn: list[FlerBarnUt]

    @classmethod
    def av(cls, hem: Any) -> "HemUt":
        """The home as it is shown."""
        return cls(
            **{falt: getattr(hem, falt) for falt in _SOM_DET_AR},
            platser=[PlatserUt(fran=fran, antal=antal) for fran, antal in _i_ordning(hem.platser)],
            tillhorighet=[
                TillhorighetUt(fran=fran, leverantor=vems)
                for fran, vems in _i_ordning(hem.tillhorighet)
            ],
            utredningar=[
                UtredningUt(utredning=id, **asdict(en)) for id, en in hem.utredningar.items()
            ],
            referenser=[ReferensUt(referens=id, **asdict(en)) for id, en in hem.referenser.items()],
            godkannanden=[
                GodkannandeUt(godkannande=id, **asdict(ett)) for id, ett in hem.godkannanden.items()
            ],
            arvodesniva=[
                ArvodesnivaUt(fran=fran, niva=niva) for fran, niva in _i_ordning(hem.arvodesniva)
            ],
            andra_kommuners_barn=[
                AnnanKommunsBarnUt(barn=id, **asdict(ett)) for id, ett in hem.andras.items()
            ],
            fler_an_tre_barn=[
                FlerBarnUt(
                    fran=ett.dagar.fran,
                    till=ett.dagar.till,
                    ivo_underrattad=ett.ivo_underrattad,
                )
                for ett in hem.fler_an_tre_barn
            ],
        )


_SOM_DET_AR = (
    "id",
    "version",
    "beteckning",
    "arbetsenhet",
    "natverk",
    "fran",
    "till",
    "makulerat",
)


def _i_ordning(rader: dict[date, Any]) -> list[tuple[date, Any]]:
    return sorted(rader.items())


class HemtextUt(BaseModel):
    """A free text about the home, and what it is about."""

    om: Annotated[str, Field(description="utredning eller referens.")]
    id: UUID
    text: str


class HemMedUppgifter(BaseModel):
    """The carers' personal data; what has been culled is ``None``."""

    id: UUID
    version: int
    namn: str | None
    kontakt: str | None
    adress: str | None
    texter: list[HemtextUt]


class BoendeUt(BaseModel):
    """Somebody who lives in the home by a placering."""

    placering: UUID
    klient: UUID
    fran: date
    till: date | None
    bott_sedan: Annotated[
        date | None, Field(description="Första dagen i hemmet utan uppehåll (R-PLA-16).")
    ]


class BoendelistaUt(BaseModel):
    """Who lives in the home on a day, and how many places are taken."""

    id: UUID
    dag: date
    leverantor: Annotated[str | None, Field(description="Vems hemmet är; null: kommunens eget.")]
    platser: int
    upptagna: int
    boende: Annotated[
        list[BoendeUt], Field(description="De som hör till någon av dina arbetsenheter.")
    ]
    andra_kommuners_barn: list[AnnanKommunsBarnUt]
