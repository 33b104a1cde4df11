"""What every contract event is, and the register that finds its class by its type.

Guarantees that one type name means one class for ever: a name is registered once, carries its
version, and is decoded by its types; an unknown field is passed over, so that a later release may
add one, and a missing one is the writer's error. Encoding is canonical, fields in the order of the
class, so the same event gives the same bytes in Kafka, in embedded mode and in a golden file.

Units: dates are calendar dates in Sweden, amounts are whole öre (``_ore``), exclusive of moms.
No contract event carries a name, a personnummer, a birth date or a free text (R-SEK-1).
"""

from collections.abc import Iterator
from typing import ClassVar, Self
from uuid import UUID

import msgspec

TYPPREFIX = "se.dygn"


class Kontraktshandelse(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False, gc=False
):
    """Base of every contract event.

    ``tjanst`` is the publishing service and ``version`` the event's version; a new version of an
    event is a new class, named with the version last (``PlaceringInleddV2`` is the event
    ``PlaceringInledd``, version 2). ``nyckelfalt`` names the field whose value keeps messages in
    order.
    """

    tjanst: ClassVar[str]
    version: ClassVar[int] = 1
    nyckelfalt: ClassVar[str]

    @classmethod
    def handelsenamn(cls) -> str:
        """The event's name, the same in every version."""
        return cls.__name__.removesuffix(f"V{cls.version}")

    @classmethod
    def handelsetyp(cls) -> str:
        """The CloudEvents type, for example ``se.dygn.placering.PlaceringInledd.v1``."""
        return f"{TYPPREFIX}.{cls.tjanst}.{cls.handelsenamn()}.v{cls.version}"

    @property
    def nyckelvarde(self) -> UUID:
        """The id within whose bounds messages keep their order."""
        varde = getattr(self, self.nyckelfalt)
        assert isinstance(varde, UUID)
        return varde

    @classmethod
    def av(cls, handelse: object, *, eget_id: str) -> Self:
        """The contract event with the fields that the publisher's own event has by the same names.

        ``eget_id`` is the field that holds the id of the thing that the own event is about. Only
        the fields of this class are taken: what else the own event knows stays at home.
        """
        return cls(
            **{
                namn: getattr(handelse, "originator_id" if namn == eget_id else namn)
                for namn in cls.__struct_fields__
            }
        )

    def koda(self) -> bytes:
        """The event's data as canonical JSON, UTF-8."""
        return msgspec.json.encode(self)


class OkandHandelse(Exception):
    """The type is of no event that this version of the contracts knows."""


class Register:
    """Finds the class of an event by its CloudEvents type."""

    def __init__(self, *klasser: type[Kontraktshandelse]) -> None:
        self._av_typ = {klass.handelsetyp(): klass for klass in klasser}
        self._avkodare = {typ: msgspec.json.Decoder(klass) for typ, klass in self._av_typ.items()}

    def __iter__(self) -> Iterator[type[Kontraktshandelse]]:
        return iter(self._av_typ.values())

    def typer(self) -> frozenset[str]:
        """Every type that this version of the contracts knows."""
        return frozenset(self._av_typ)

    def klass(self, typ: str) -> type[Kontraktshandelse]:
        """The event class; :class:`OkandHandelse` when the type is unknown."""
        try:
            return self._av_typ[typ]
        except KeyError:
            raise OkandHandelse(typ) from None

    def avkoda(self, typ: str, data: bytes | str) -> Kontraktshandelse:
        """The event; :class:`OkandHandelse` or :class:`msgspec.DecodeError` when it is none."""
        avkodare = self._avkodare.get(typ)
        if avkodare is None:
            raise OkandHandelse(typ)
        return avkodare.decode(data)
