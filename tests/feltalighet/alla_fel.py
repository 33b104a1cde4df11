"""Every fault, by name."""

from tests.feltalighet.fel_delar import DODADE, GRUPPER, TVA_RELAN, ZOMBIER
from tests.feltalighet.fel_epok import NYA_EPOKER
from tests.feltalighet.fel_krascher import KRASCHER, TAPPADE
from tests.feltalighet.fel_maklare import AMNEN, MAKLAREN
from tests.feltalighet.fel_overgang import OVERGANGAR
from tests.feltalighet.fel_postgres import KLOCKAN, POSTGRES

FELEN = (
    *KRASCHER,
    *TAPPADE,
    *DODADE,
    *TVA_RELAN,
    *ZOMBIER,
    *GRUPPER,
    *NYA_EPOKER,
    *MAKLAREN,
    *AMNEN,
    *POSTGRES,
    *KLOCKAN,
    *OVERGANGAR,
)
FEL = {fel.namn: fel for fel in FELEN}
assert len(FEL) == len(FELEN)
