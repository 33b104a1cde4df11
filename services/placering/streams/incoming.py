"""What the service reads of others: the suppliers' stream, folded into a copy of the register.

Guarantees that the service needs no call to another to judge a placering, and that it knows of a
supplier what the suppliers' events say and nothing else.
"""

from contracts.leverantor import HANDELSER
from services.chassis.streams.parts import Consumer, Derived
from services.placering.views.vikning import LEVERANTOR, TABELLER, Leverantorsvikning

CONSUMER = Consumer(
    upstream=("leverantor",),
    register=HANDELSER,
    folding=Leverantorsvikning(),
    derived=tuple(Derived(tabell, LEVERANTOR, "leverantor") for tabell in TABELLER),
)
