"""The events that the service placering publishes on ``dygn.placering.v1``.

Guarantees: pseudonymised (klient's id, sex, birth month, arbetsenhet and the protected mark, and
no more); every message about a person has the klient as its key, so a person's messages keep their
order; a corrected thing is sent whole, so a reader needs no earlier state to apply a correction.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.handelse import Kontraktshandelse, Register
from contracts.ord import (
    Avslutsorsak,
    Destination,
    Drojsmalsorsak,
    Erbjudandesvar,
    Form,
    Franvaroorsak,
    Kon,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
)


class _Placeringshandelse(Kontraktshandelse, frozen=True, kw_only=True):
    tjanst: ClassVar[str] = "placering"
    nyckelfalt: ClassVar[str] = "klient"

    klient: UUID


class _Klientuppgifter(_Placeringshandelse, frozen=True, kw_only=True):
    kon: Kon
    fodelsemanad: str | None
    """``YYYY-MM``; age classes change on the first of the month. ``None``: not known."""
    skyddad: bool
    arbetsenhet: str | None


class KlientRegistrerad(_Klientuppgifter, frozen=True, kw_only=True):
    """A person became known to the kommun."""


class KlientRattad(_Klientuppgifter, frozen=True, kw_only=True):
    """The person's record was corrected; the fields are those that hold now."""

    skal: Rattelseskal


class EnsamkommandeAngivet(_Placeringshandelse, frozen=True, kw_only=True):
    """On which days the person counts as an ensamkommande barn; the fields are those that hold now.

    ``fran`` ``None``: on none. ``till`` is the last day, ``None``: until further notice.
    """

    fran: date | None
    till: date | None


class _Beslutsuppgifter(_Placeringshandelse, frozen=True, kw_only=True):
    beslut: UUID
    lag: str
    """``SoL``, ``LSS``, ``LVU``, ``LVM`` or ``2024:79``: EVB is reported per law."""
    lagrum: str
    evb: bool
    """Whether EVB follows beslut under this lagrum (R-BES-7, R-EVB-1)."""
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    """The last day on which the beslut holds; it ends by itself after it (R-EVB-14)."""
    namnd: str | None
    arbetsenhet: str | None


class BeslutFattat(_Beslutsuppgifter, frozen=True, kw_only=True):
    """An insats was granted (R-BES-1)."""

    flaggor: tuple[str, ...] = ()
    """Ids of the rules that a row taken over from another system did not meet (R-PLA-18), and
    R-BES-3 where no delegationsordning was there to judge a beslut by."""


class BeslutRattat(_Beslutsuppgifter, frozen=True, kw_only=True):
    """The beslut's record was corrected; the fields are those that hold now."""

    skal: Rattelseskal


class _OmBeslut(_Placeringshandelse, frozen=True, kw_only=True):
    beslut: UUID


class BeslutMakulerat(_OmBeslut, frozen=True, kw_only=True):
    """The beslut should never have been recorded."""

    skal: Rattelseskal


class BeslutVerkstallt(_OmBeslut, frozen=True, kw_only=True):
    """The insats began on ``datum``, wholly or in part (R-EVB-15)."""

    datum: date
    omfattning: Omfattning


class BeslutAvbrutet(_OmBeslut, frozen=True, kw_only=True):
    """The insats was interrupted; ``datum`` is the first day without it."""

    datum: date


class BeslutAterupptaget(_OmBeslut, frozen=True, kw_only=True):
    """The interrupted insats began again on ``datum``."""

    datum: date


class BeslutUpphort(_OmBeslut, frozen=True, kw_only=True):
    """The beslut ended; ``datum`` is the first day on which it no longer holds."""

    datum: date


class DrojsmalsorsakAngiven(_OmBeslut, frozen=True, kw_only=True):
    """Why the beslut is not carried out, from ``datum`` on (R-EVB-13)."""

    datum: date
    orsak: Drojsmalsorsak


class _OmErbjudande(_OmBeslut, frozen=True, kw_only=True):
    erbjudande: UUID


class ErbjudandeLamnat(_OmErbjudande, frozen=True, kw_only=True):
    """The person was offered the insats, or a part of it, on ``datum`` (R-EVB-3)."""

    datum: date


class ErbjudandeBesvarat(_OmErbjudande, frozen=True, kw_only=True):
    """The person answered an offer on ``datum``. A refused offer does not end the beslut, and an
    accepted one does not carry it out (R-EVB-6)."""

    datum: date
    svar: Erbjudandesvar


class ErbjudandeMakulerat(_OmErbjudande, frozen=True, kw_only=True):
    """The offer should never have been recorded, nor its answer."""

    skal: Rattelseskal


class _OmForskjutning(_OmBeslut, frozen=True, kw_only=True):
    forskjutning: UUID


class BeslutForskjutet(_OmForskjutning, frozen=True, kw_only=True):
    """The person asked that the execution waits, on these days. No clock stops: the beslut is
    still reported (R-EVB-6)."""

    fran: date
    till: date | None
    """The last day; ``None``: until further notice."""
    lov: bool
    """The person waits for a utförare chosen under LOV: no särskild avgift (R-EVB-11)."""


class ForskjutningAvslutad(_OmForskjutning, frozen=True, kw_only=True):
    """The person no longer asks to wait after ``till``."""

    till: date


class ForskjutningMakulerad(_OmForskjutning, frozen=True, kw_only=True):
    """The postponement should never have been recorded."""

    skal: Rattelseskal


class _OmInterimHjalp(_OmBeslut, frozen=True, kw_only=True):
    hjalp: UUID


class InterimHjalpGiven(_OmInterimHjalp, frozen=True, kw_only=True):
    """Another insats in the meantime, on these days (R-EVB-3). It does not carry out the beslut."""

    insatstyp: str
    fran: date
    till: date | None
    """The last day; ``None``: until further notice."""


class InterimHjalpAvslutad(_OmInterimHjalp, frozen=True, kw_only=True):
    """The help in the meantime ended; ``till`` is its last day."""

    till: date


class InterimHjalpMakulerad(_OmInterimHjalp, frozen=True, kw_only=True):
    """The help should never have been recorded."""

    skal: Rattelseskal


class _Placeringsuppgifter(_Placeringshandelse, frozen=True, kw_only=True):
    placering: UUID
    beslut: UUID
    form: Form
    regi: Regi
    natverk: bool
    leverantor: str | None
    """Organisationsnummer (``NNNNNN-NNNN``); ``None`` for own homes and SiS."""
    enhet: UUID | None
    avtal: UUID | None
    """The avtal that it is made under; ``None`` is utom ramavtal."""
    fran: date


class PlaceringInledd(_Placeringsuppgifter, frozen=True, kw_only=True):
    """A person moved in on ``fran``; the stay runs until an avslut says otherwise."""

    dygnspris_ore: int | None
    """The agreed grunddygnspris; ``None``: the unit's list price on ``fran`` binds."""
    flaggor: tuple[str, ...] = ()


class PlaceringRattad(_Placeringsuppgifter, frozen=True, kw_only=True):
    """The placering's record was corrected; the fields are those that hold now.

    ``till`` and ``orsak`` are both given when the placering is ended, else neither.
    """

    dygnspris_ore: int | None
    till: date | None
    orsak: Avslutsorsak | None
    beslut_bestar: bool
    skal: Rattelseskal


class _OmPlacering(_Placeringshandelse, frozen=True, kw_only=True):
    placering: UUID
    beslut: UUID


class PlaceringHemAngivet(_OmPlacering, frozen=True, kw_only=True):
    """The person lives in this home; ``None``: no home is named any longer (R-PLA-16).

    A home keeps its id when it becomes the kommun's own, and when its people change.
    """

    hem: UUID | None


class PlaceringPrisAndrat(_OmPlacering, frozen=True, kw_only=True):
    """A price row was agreed, or the row with the same id replaced (R-KOS-1).

    A ``grund`` row holds from ``fran`` until the next one begins; a ``tillagg`` row holds from
    ``fran`` to ``till`` (last day, ``None``: while the stay lasts) and adds to the grund.
    """

    prisrad: UUID
    slag: Prisslag
    fran: date
    till: date | None
    dygnspris_ore: int


class PlaceringsavtalForlangt(_OmPlacering, frozen=True, kw_only=True):
    """The agreement goes on from ``fran``, at a new price (R-KOS-3, policy ``fast``).

    It is a ``grund`` row like that of ``PlaceringPrisAndrat`` and is replaced by it in the same
    way. ``till`` is the agreement's last day, not the row's: the stay may go on at the price.
    """

    prisrad: UUID
    fran: date
    till: date | None
    dygnspris_ore: int | None
    """The agreed grunddygnspris; ``None``: the unit's list price on ``fran`` binds."""


class BetalareSatta(_OmPlacering, frozen=True, kw_only=True):
    """Who pays what share of the placering's cost from ``fran`` on (R-KOS-15).

    Shares are in hundredths of a per cent and make 10 000 together. They hold until the next row
    begins; of two with the same ``fran`` the later holds. Without any, the kommun's own individ-
    och familjeomsorg pays all.
    """

    fran: date
    ifo: int
    annan_namnd: int
    region: int
    migrationsverket: int


class PlaceringAvslutad(_OmPlacering, frozen=True, kw_only=True):
    """The stay ended; ``till`` is the last day there (R-PLA-12)."""

    till: date
    orsak: Avslutsorsak
    beslut_bestar: bool
    """The beslut stands although the avslutsorsak would end it (R-EVB-14)."""


class DestinationAngiven(_OmPlacering, frozen=True, kw_only=True):
    """Where the person went when the stay ended, as it is known now; ``None``: it is not said.

    It holds while the placering is ended: one that turns out to run has none.
    """

    destination: Destination | None


class PlaceringMakulerad(_OmPlacering, frozen=True, kw_only=True):
    """The placering should never have been recorded."""

    skal: Rattelseskal


class _OmFranvaro(_OmPlacering, frozen=True, kw_only=True):
    franvaro: UUID


class _Franvarouppgifter(_OmFranvaro, frozen=True, kw_only=True):
    orsak: Franvaroorsak
    fran: date
    till: date | None
    """The last day away; ``None``: until further notice, at most while the stay lasts."""


class FranvaroBorjad(_Franvarouppgifter, frozen=True, kw_only=True):
    """The person is away from the home on these whole days, the placering goes on."""


class FranvaroRattad(_Franvarouppgifter, frozen=True, kw_only=True):
    """The absence's record was corrected; the fields are those that hold now."""

    skal: Rattelseskal


class FranvaroAvslutad(_OmFranvaro, frozen=True, kw_only=True):
    """The absence ended; ``till`` is the last day away."""

    till: date


class FranvaroMakulerad(_OmFranvaro, frozen=True, kw_only=True):
    """The absence should never have been recorded."""

    skal: Rattelseskal


HANDELSER = Register(
    KlientRegistrerad,
    KlientRattad,
    EnsamkommandeAngivet,
    BeslutFattat,
    BeslutRattat,
    BeslutMakulerat,
    BeslutVerkstallt,
    BeslutAvbrutet,
    BeslutAterupptaget,
    BeslutUpphort,
    DrojsmalsorsakAngiven,
    PlaceringInledd,
    PlaceringRattad,
    PlaceringPrisAndrat,
    PlaceringsavtalForlangt,
    PlaceringAvslutad,
    DestinationAngiven,
    PlaceringMakulerad,
    FranvaroBorjad,
    FranvaroRattad,
    FranvaroAvslutad,
    FranvaroMakulerad,
    BetalareSatta,
    ErbjudandeLamnat,
    ErbjudandeBesvarat,
    ErbjudandeMakulerat,
    BeslutForskjutet,
    ForskjutningAvslutad,
    ForskjutningMakulerad,
    InterimHjalpGiven,
    InterimHjalpAvslutad,
    InterimHjalpMakulerad,
    PlaceringHemAngivet,
)
