import pytest
from services.chassis.auth.roles import Roll
from services.leverantor.app import app
from tests.stod.tjanst import korande, migrera
pytestmark = pytest.mark.anyio

async def test_a(databas):
    async with korande(app, databas("leverantor", migrera), Roll.AVTALSCONTROLLER) as k:
        svar = await k.lagra("/v1/leverantorer", {"organisationsnummer": "556036-0793", "namn": "A"})
        print(svar)
        assert k.antal_handelser() == 2
        r = await k.post("/v1/leverantorer", content=iter([b"x"*100]))
