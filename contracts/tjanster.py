"""Which services publish events, and where the generated and the released files lie.

Guarantees that generator, gate and tests walk the same list: a service that begins to publish is
added here once, and everything else follows. A service without a row publishes nothing.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from contracts import leverantor, placering
from contracts.handelse import Register

TJANSTER: Mapping[str, Register] = MappingProxyType(
    {"leverantor": leverantor.HANDELSER, "placering": placering.HANDELSER}
)
"""The register of events of every publishing service, by the service's name."""

ROT = Path(__file__).parent
"""The folder of the contracts; ``scheman``, ``asyncapi``, ``exempel`` and ``slappta`` lie here."""
