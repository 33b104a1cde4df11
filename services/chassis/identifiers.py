"""Ids that follow from what a thing is, so that the same thing gets the same id for ever.

Guarantees that a row taken over from another system, and a claim that must be unique in a kommun,
have one id each: uuid5 of the kommun and the parts that name it. Parts are joined so that no two
lists of parts give the same text.
"""

from uuid import UUID, uuid5

NAMESPACE = UUID("6f1f5c0e-8a0e-5a52-9a5e-2d0f6b1d9c14")


def derived_id(kommunkod: str, kind: str, *parts: str) -> UUID:
    """The id of the thing of this kind that the parts name within the kommun."""
    name = "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)
    return uuid5(NAMESPACE, f"{kommunkod}/{kind}/{name}")


def taken_over_id(kommunkod: str, kalla: str, kind: str, referens: str) -> UUID:
    """The id of a row taken over from the source ``kalla``, where it is called ``referens``."""
    return derived_id(kommunkod, f"overtagen-{kind}", kalla, referens)
