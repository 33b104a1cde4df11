"""Which tokens are taken, and how the issuer's keys are come by."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet

from services.chassis.auth import tokens
from services.chassis.auth.issuer import Issuer
from services.chassis.auth.roles import Roll
from services.chassis.auth.tokens import InvalidToken, KeysUnavailable, TokenChecker

UTFARDARE = "https://utfardare.exempel"


class Nyckel:
    """A signing key, its public half, and tokens signed with it."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.ec = ECKey.generate_key("P-256", parameters={"kid": kid, "use": "sig"})
        self.oppen: dict[str, Any] = dict(self.ec.as_dict(private=False))

    def token(self, huvud: dict[str, Any] | None = None, **andra: Any) -> str:
        return jwt.encode(
            {"alg": "ES256", "kid": self.kid, **(huvud or {})},
            _uppgifter(**andra),
            self.ec,
            algorithms=["ES256"],
        )


def _uppgifter(**andra: Any) -> dict[str, Any]:
    """Claims of a good token; an argument of None takes one away."""
    nu = int(time.time())
    alla: dict[str, Any] = {
        "iss": UTFARDARE,
        "aud": "dygn",
        "sub": "u1",
        "iat": nu,
        "exp": nu + 600,
        "kommunkod": "1490",
        "roller": ["ekonom"],
    }
    return {namn: varde for namn, varde in (alla | andra).items() if varde is not None}


@pytest.fixture(scope="module")
def nyckel() -> Nyckel:
    return Nyckel("n1")


def _fil(mapp: Path, *nycklar: Nyckel) -> Path:
    fil = mapp / "jwks.json"
    fil.write_text(json.dumps({"keys": [ett.oppen for ett in nycklar]}))
    return fil


@pytest.fixture
def kontroll(tmp_path: Path, nyckel: Nyckel) -> TokenChecker:
    fil = _fil(tmp_path, nyckel)
    return TokenChecker(issuer=UTFARDARE, audience="dygn", jwks_url=None, jwks_file=fil)


# -- what is taken --------------------------------------------------------------------------------


def test_en_riktig_token_ger_vem_kommun_roller_och_arbetsenheter(
    kontroll: TokenChecker, nyckel: Nyckel
) -> None:
    vem = kontroll.identity(
        nyckel.token(roller=["ekonom", "okand_roll", 7, {}], arbetsenheter=["barn-1"])
    )
    assert (vem.subject, vem.kommunkod) == ("u1", "1490")
    assert vem.roller == {Roll.EKONOM}
    assert vem.arbetsenheter == frozenset({"barn-1"})


def test_en_token_utan_arbetsenheter_galler_hela_kommunen_och_en_tom_lista_ingen(
    kontroll: TokenChecker, nyckel: Nyckel
) -> None:
    utan = kontroll.identity(nyckel.token()).rackvidd
    assert (utan.hela_kommunen, utan.omfattar("barn-1"), utan.omfattar(None)) == (True,) * 3
    ingen = kontroll.identity(nyckel.token(arbetsenheter=[])).rackvidd
    assert (ingen.hela_kommunen, ingen.omfattar("barn-1"), ingen.omfattar(None)) == (False,) * 3
    en = kontroll.identity(nyckel.token(arbetsenheter=["barn-1"])).rackvidd
    assert [en.omfattar(enhet) for enhet in ("barn-1", "barn", None)] == [True, False, False]


def test_mottagaren_far_vara_en_av_flera(kontroll: TokenChecker, nyckel: Nyckel) -> None:
    assert kontroll.identity(nyckel.token(aud=["annan", "dygn"])).subject == "u1"


@pytest.mark.parametrize(
    "fel",
    [
        {"iss": "https://annan.exempel"},
        {"iss": None},
        {"aud": "annan"},
        {"aud": ["annan"]},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"nbf": 32_503_680_000},
        {"kommunkod": None},
        {"kommunkod": "149"},
        {"kommunkod": "1490,1480"},
        {"kommunkod": 1490},
        {"kommunkod": "*"},
        {"kommunkod": ["1490"]},
        {"kommunkod": "١٤٩٠"},
        {"roller": None},
        {"roller": "ekonom"},
        {"arbetsenheter": "barn-1"},
        {"arbetsenheter": [None]},
        {"arbetsenheter": ["barn-1", 7]},
        {"arbetsenheter": [""]},
    ],
    ids=str,
)
def test_en_token_med_fel_uppgifter_vagras(
    kontroll: TokenChecker, nyckel: Nyckel, fel: dict[str, Any]
) -> None:
    kontroll.identity(nyckel.token())
    with pytest.raises(InvalidToken):
        kontroll.identity(nyckel.token(**fel))


def _b64(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def _utan_underskrift(nyckel: Nyckel) -> str:
    return f"{_b64({'alg': 'none', 'kid': nyckel.kid})}.{_b64(_uppgifter())}."


def _hs256_med_den_oppna_nyckeln(nyckel: Nyckel) -> str:
    delar = f"{_b64({'alg': 'HS256', 'kid': nyckel.kid})}.{_b64(_uppgifter())}"
    underskrift = hmac.digest(nyckel.ec.as_pem(private=False), delar.encode(), "sha256")
    return f"{delar}.{base64.urlsafe_b64encode(underskrift).rstrip(b'=').decode()}"


def _annan_nyckel_med_samma_kid(nyckel: Nyckel) -> str:
    return Nyckel(nyckel.kid).token()


def _okand_kid(nyckel: Nyckel) -> str:
    return nyckel.token({"kid": "okand"})


def _nyckeln_i_huvudet(nyckel: Nyckel) -> str:
    egen = Nyckel("egen")
    return jws.serialize_compact(
        {"alg": "ES256", "kid": nyckel.kid, "jwk": egen.oppen},
        json.dumps(_uppgifter()).encode(),
        egen.ec,
        algorithms=["ES256"],
    )


def _annan_kurva(nyckel: Nyckel) -> str:
    stor = ECKey.generate_key("P-384", parameters={"kid": nyckel.kid})
    return jwt.encode({"alg": "ES384", "kid": nyckel.kid}, _uppgifter(), stor, algorithms=["ES384"])


def _andrat_innehall(nyckel: Nyckel) -> str:
    huvud, _, underskrift = nyckel.token().split(".")
    return f"{huvud}.{_b64(_uppgifter(kommunkod='1480'))}.{underskrift}"


def _inte_uppgifter(nyckel: Nyckel) -> str:
    return jws.serialize_compact(
        {"alg": "ES256", "kid": nyckel.kid}, b'["lista"]', nyckel.ec, algorithms=["ES256"]
    )


@pytest.mark.parametrize(
    "gor",
    [
        _utan_underskrift,
        _hs256_med_den_oppna_nyckeln,
        _annan_nyckel_med_samma_kid,
        _okand_kid,
        _nyckeln_i_huvudet,
        _annan_kurva,
        _andrat_innehall,
        _inte_uppgifter,
    ],
    ids=lambda gor: gor.__name__.strip("_"),
)
def test_en_token_med_fel_underskrift_vagras(
    kontroll: TokenChecker, nyckel: Nyckel, gor: Any
) -> None:
    token = gor(nyckel)
    for _ in range(2):
        with pytest.raises(InvalidToken):
            kontroll.identity(token)
    assert kontroll.remembered(token) is None


_DEL = st.one_of(
    st.text(max_size=20),
    st.binary(max_size=30).map(lambda b: base64.urlsafe_b64encode(b).decode()),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inre: st.lists(inre, max_size=3) | st.dictionaries(st.text(max_size=5), inre),
        max_leaves=5,
    ).map(_b64),
    st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk"]), st.text()).map(
        _b64
    ),
)


@given(delar=st.lists(_DEL, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_skrap_ar_en_ogiltig_token_och_inget_annat_fel(delar: list[str]) -> None:
    nycklar = Path(__file__)  # never read as keys: rubbish must not get that far or be 503

    class Med(TokenChecker):
        def _read(self) -> Any:
            return KeySet.import_key_set({"keys": [_FAST.oppen]})

    kontroll = Med(issuer=UTFARDARE, audience="dygn", jwks_url=None, jwks_file=nycklar)
    with pytest.raises(InvalidToken):
        kontroll.identity(".".join(delar))


_FAST = Nyckel("fast")


def test_en_kontrollerad_token_ar_ihagkommen_tills_den_gar_ut(
    kontroll: TokenChecker, nyckel: Nyckel, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = nyckel.token()
    assert kontroll.remembered(token) is None
    vem = kontroll.identity(token)
    assert kontroll.remembered(token) == vem
    riktig = time.time
    monkeypatch.setattr("services.chassis.auth.tokens.time.time", lambda: riktig() + 601)
    assert kontroll.remembered(token) is None


def test_minnet_av_tokens_har_en_grans(
    kontroll: TokenChecker, nyckel: Nyckel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_REMEMBERED", 3)
    givna = [nyckel.token(jti=str(n)) for n in range(5)]
    for token in givna:
        kontroll.identity(token)
    assert [kontroll.remembered(token) is not None for token in givna] == [
        False,
        False,
        True,
        True,
        True,
    ]


# -- the issuer's keys ----------------------------------------------------------------------------


class Utfardarserver:
    """Serves a key set on loopback and counts who asks; `svar` None answers 500."""

    def __init__(self) -> None:
        self.svar: bytes | None = b'{"keys": []}'
        self.fragor = 0
        self.vanta = threading.Event()
        self.vanta.set()
        yttre = self

        class Hanterare(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                yttre.fragor += 1
                yttre.vanta.wait(20)
                self.send_response(500 if yttre.svar is None else 200)
                self.end_headers()
                self.wfile.write(yttre.svar or b"")

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = HTTPServer(("127.0.0.1", 0), Hanterare)
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"

    def ge(self, *nycklar: Nyckel) -> None:
        self.svar = json.dumps({"keys": [ett.oppen for ett in nycklar]}).encode()

    @contextmanager
    def igang(self) -> Iterator["Utfardarserver"]:
        trad = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        trad.start()
        try:
            yield self
        finally:
            self.vanta.set()
            self._server.shutdown()
            trad.join()
            self._server.server_close()


@pytest.fixture
def server() -> Iterator[Utfardarserver]:
    with Utfardarserver().igang() as igang:
        yield igang


def _mot(server: Utfardarserver) -> TokenChecker:
    return TokenChecker(issuer=UTFARDARE, audience="dygn", jwks_url=server.url, jwks_file=None)


class _Klocka:
    """The checker's monotonic clock, turned by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._fram = 0.0
        riktig = time.monotonic
        monkeypatch.setattr(
            "services.chassis.auth.tokens.time.monotonic", lambda: riktig() + self._fram
        )

    def stall_fram(self, sekunder: float) -> None:
        self._fram += sekunder


@pytest.fixture
def klocka(monkeypatch: pytest.MonkeyPatch) -> _Klocka:
    return _Klocka(monkeypatch)


def test_nycklarna_hamtas_en_gang(server: Utfardarserver, nyckel: Nyckel) -> None:
    server.ge(nyckel)
    kontroll = _mot(server)
    assert server.fragor == 0, "ingen fråga innan någon ringer"
    for nummer in range(10):
        kontroll.identity(nyckel.token(jti=str(nummer)))
    assert server.fragor == 1


def test_en_ny_nyckel_hos_utfardaren_hamtas_nar_en_token_namner_den(
    server: Utfardarserver, nyckel: Nyckel, klocka: _Klocka
) -> None:
    server.ge(nyckel)
    kontroll = _mot(server)
    kontroll.identity(nyckel.token())
    ny = Nyckel("n2")
    server.ge(nyckel, ny)
    klocka.stall_fram(11)
    assert kontroll.identity(ny.token()).subject == "u1"
    assert kontroll.identity(nyckel.token()).subject == "u1"
    assert server.fragor == 2


def test_pahittade_nycklar_kan_inte_anvandas_for_att_hamra_pa_utfardaren(
    server: Utfardarserver, nyckel: Nyckel, klocka: _Klocka
) -> None:
    server.ge(nyckel)
    kontroll = _mot(server)
    kontroll.identity(nyckel.token())
    for omgang in range(3):
        klocka.stall_fram(11)
        for nummer in range(20):
            with pytest.raises(InvalidToken):
                kontroll.identity(nyckel.token({"kid": f"pahittad-{omgang}-{nummer}"}))
    assert server.fragor == 1 + 3


def test_en_falsk_underskrift_med_kand_nyckel_fragar_inte_utfardaren(
    server: Utfardarserver, nyckel: Nyckel, klocka: _Klocka
) -> None:
    server.ge(nyckel)
    kontroll = _mot(server)
    kontroll.identity(nyckel.token())
    klocka.stall_fram(60)
    with pytest.raises(InvalidToken):
        kontroll.identity(_annan_nyckel_med_samma_kid(nyckel))
    assert server.fragor == 1


@pytest.mark.parametrize("svar", [None, b"inte json", b"{}", b'{"keys": [{"kty": "EC"}]}', b"[]"])
def test_utan_nycklar_kan_ingen_avgora_och_det_fragas_inte_i_ett(
    server: Utfardarserver, nyckel: Nyckel, klocka: _Klocka, svar: bytes | None
) -> None:
    server.svar = svar
    kontroll = _mot(server)
    for _ in range(5):
        with pytest.raises(KeysUnavailable):
            kontroll.identity(nyckel.token())
    assert server.fragor == 1
    server.ge(nyckel)
    klocka.stall_fram(2)
    assert kontroll.identity(nyckel.token()).subject == "u1"


def test_nar_utfardaren_tystnar_galler_de_nycklar_som_ar_kanda(
    server: Utfardarserver, nyckel: Nyckel, klocka: _Klocka
) -> None:
    server.ge(nyckel)
    kontroll = _mot(server)
    kontroll.identity(nyckel.token())
    server.svar = None
    klocka.stall_fram(60)
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            kontroll.identity(Nyckel("n2").token())
    assert kontroll.identity(nyckel.token(jti="ny")).subject == "u1"
    assert server.fragor == 2


def test_den_som_ar_ihagkommen_vantar_inte_pa_en_langsam_utfardare(
    server: Utfardarserver, nyckel: Nyckel, klocka: _Klocka
) -> None:
    """The question is asked on the event loop: waiting there would stop every call."""
    server.ge(nyckel)
    kontroll = _mot(server)
    kand = nyckel.token()
    kontroll.identity(kand)
    server.vanta.clear()
    klocka.stall_fram(60)

    def fraga() -> None:
        with pytest.raises(InvalidToken):
            kontroll.identity(Nyckel("n2").token())

    fragar = threading.Thread(target=fraga)
    fragar.start()
    while server.fragor < 2:
        time.sleep(0.01)
    borjan = time.perf_counter()
    assert kontroll.remembered(kand) is not None
    assert time.perf_counter() - borjan < 1.0
    server.vanta.set()
    fragar.join()


def test_nycklarnas_kalla_ska_anges_en_gang(tmp_path: Path) -> None:
    for url, fil in [(None, None), ("http://x", tmp_path / "x")]:
        with pytest.raises(ValueError, match="antingen"):
            TokenChecker(issuer=UTFARDARE, audience="dygn", jwks_url=url, jwks_file=fil)


# -- the embedded issuer --------------------------------------------------------------------------


def test_den_inbyggda_utfardarens_nyckel_ar_bara_agarens_och_overlever_omstart(
    tmp_path: Path,
) -> None:
    fil = tmp_path / "nyckel.json"
    forst = Issuer(fil, issuer=UTFARDARE)
    assert fil.stat().st_mode & 0o777 == 0o600
    igen = Issuer(fil, issuer=UTFARDARE)
    assert igen.jwks() == forst.jwks()
    assert [*tmp_path.iterdir()] == [fil], "inget halvt skrivet blir kvar"


def test_den_inbyggda_utfardaren_lamnar_aldrig_ut_sin_hemlighet(tmp_path: Path) -> None:
    (nyckel,) = Issuer(tmp_path / "nyckel.json", issuer=UTFARDARE).jwks()["keys"]
    assert set(nyckel) <= {"kty", "crv", "x", "y", "kid", "use", "alg", "key_ops"}


def test_den_inbyggda_utfardarens_token_kontrolleras_som_vilken_annan_som_helst(
    tmp_path: Path,
) -> None:
    utfardare = Issuer(tmp_path / "nyckel.json", issuer=UTFARDARE)
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(utfardare.jwks()))
    kontroll = TokenChecker(issuer=UTFARDARE, audience="dygn", jwks_url=None, jwks_file=jwks)

    def token(sekunder: int) -> str:
        return utfardare.token(
            subject="u", kommunkod="1490", roller=[Roll.SYSTEM], valid_seconds=sekunder
        )

    assert kontroll.identity(token(60)).roller == {Roll.SYSTEM}
    with pytest.raises(InvalidToken, match="gått ut"):
        kontroll.identity(token(-tokens.LEEWAY - 5))
