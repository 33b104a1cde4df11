"""The use cases of the service uppfoljning.

Guarantees that what a person decides about a message put aside is an event with who and why, in
the same transaction as the mark that the stream process acts upon.
"""

from services.chassis.store.application import ServiceApplication


class UppfoljningApplication(ServiceApplication):
    """What the service uppfoljning can do."""

    name = "uppfoljning"
