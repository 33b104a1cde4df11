"""Problem documents (RFC 9457): every refusal in Swedish, with the rule and the field.

Guarantees that a caller always learns which rule (``regel``), where (``errors[].pointer``, a JSON
pointer into the body, or the parameter's name) and what to do, and never anything of how the
service is built. Texts never repeat what the caller sent: it could be about a person.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from services.chassis.auth.tokens import KeysUnavailable
from services.chassis.rules import Breach, NotAdmitted, Refused
from services.chassis.store import errors as store

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"
"""Seconds after which a caller may try again when a part is down."""


class Problem(HTTPException):
    """A refusal that the HTTP frame itself makes.

    It is an HTTPException so that one that is raised while the body is read passes through the
    framework, which takes any other error there for a body that cannot be parsed.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        kind: str,
        breaches: Iterable[Breach] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.status = status
        self.title = title
        self.kind = kind
        self.breaches = tuple(breaches)


def response(problem: Problem, korrelation: str | None) -> JSONResponse:
    """The problem as an answer."""
    body: dict[str, Any] = {
        "type": f"urn:dygn:problem:{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    regler = [breach.regel for breach in problem.breaches if breach.regel]
    if regler:
        body["regel"] = regler[0]
    if problem.breaches:
        body["errors"] = [
            {
                "detail": breach.text,
                "pointer": breach.pekare,
                **({"regel": breach.regel} if breach.regel else {}),
            }
            for breach in problem.breaches
        ]
    if korrelation:
        body["korrelation"] = korrelation
    return JSONResponse(body, problem.status, problem.headers, MEDIA_TYPE)


def unavailable() -> Problem:
    """The database, or another part without which no answer can be given, is down."""
    return Problem(
        503,
        "Tjänsten är tillfälligt otillgänglig",
        "Databasen svarar inte. Försök igen om en stund; samma Idempotency-Key kan användas.",
        kind="otillganglig",
        headers={"Retry-After": RETRY_AFTER},
    )


NOT_BUILT = (
    "Tjänstens vyer byggs för en ny version och kan inte läsas än."
    " Den gamla versionen av tjänsten svarar så länge den är igång."
)
"""Why a service whose views are not ready cannot answer."""


def not_built() -> Problem:
    """The views that an answer would be read from are being built."""
    return Problem(
        503,
        "Vyerna byggs om",
        f"{NOT_BUILT} Försök igen om en stund; samma Idempotency-Key kan användas.",
        kind="vyer-byggs",
        headers={"Retry-After": RETRY_AFTER},
    )


def of_store(error: Exception) -> Problem:
    """The problem that a store error is to the caller."""
    match error:
        case store.NotFound():
            return Problem(404, "Finns inte", "Det som anropet gäller finns inte.", kind="saknas")
        case store.Stale():
            return Problem(
                412,
                "Uppgifterna har ändrats",
                f"Du läste version {error.expected}, men nu gäller version {error.actual}."
                " Läs om och försök igen.",
                kind="inaktuell",
                headers={"ETag": f'"{error.actual}"'},
            )
        case store.KeyReused():
            return Problem(
                422,
                "Nyckeln är redan använd",
                "Samma Idempotency-Key har redan använts för ett annat innehåll.",
                kind="nyckel-ateranvand",
            )
        case store.Contended():
            return Problem(
                409,
                "Samtidig ändring",
                "Andra ändrade samma sak samtidigt. Läs om och försök igen.",
                kind="samtidig-andring",
            )
        case store.TooLarge():
            return Problem(
                413,
                "För stort",
                "Uppgifterna blir en större händelse än strömmen tar.",
                kind="for-stort",
            )
        case _:
            return unavailable()


def of_refusal(error: Refused) -> Problem:
    """A command that broke rules of the field, or that they do not let this caller give."""
    first = error.breaches[0]
    if isinstance(error, NotAdmitted):
        return Problem(
            403,
            "Saknar behörighet",
            first.text,
            kind="saknar-behorighet",
            breaches=error.breaches,
        )
    more = len(error.breaches) - 1
    detail = first.text if not more else f"{first.text} (och {more} fel till)"
    return Problem(422, "Regelbrott", detail, kind="regelbrott", breaches=error.breaches)


def of_validation(error: RequestValidationError) -> Problem:
    """A call that does not have the right form."""
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return Problem(
            400, "Ogiltig JSON", "Anropets innehåll är inte giltig JSON.", kind="ogiltig-json"
        )
    breaches = [Breach(None, _pointer(item["loc"], error.body), _swedish(item)) for item in found]
    return Problem(
        422,
        "Felaktiga uppgifter",
        f"{len(breaches)} uppgift(er) har fel form.",
        kind="felaktiga-uppgifter",
        breaches=breaches,
    )


def _pointer(location: tuple[Any, ...], body: Any) -> str:
    """The JSON pointer of a place; tags of unions, which stand in no body, are left out."""
    where, *rest = location
    parts: list[str] = []
    for nr, part in enumerate(rest, start=1):
        if isinstance(body, Mapping) and part not in body and nr < len(rest):
            continue
        body = _at(body, part)
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts) if where == "body" else f"{where}:{parts[-1]}"


def _at(body: Any, part: Any) -> Any:
    if isinstance(body, Mapping):
        return body.get(part)
    if isinstance(body, list) and isinstance(part, int) and part < len(body):
        return body[part]
    return None


_TEXTS = {
    "missing": "Uppgiften saknas.",
    "extra_forbidden": "Uppgiften är okänd.",
    "int_type": "Ska vara ett heltal.",
    "int_from_float": "Ska vara ett heltal.",
    "int_parsing": "Ska vara ett heltal.",
    "string_type": "Ska vara text.",
    "bool_type": "Ska vara true eller false.",
    "bool_parsing": "Ska vara true eller false.",
    "list_type": "Ska vara en lista.",
    "dict_type": "Ska vara ett objekt.",
    "model_attributes_type": "Ska vara ett objekt.",
    "uuid_parsing": "Ska vara ett id (UUID).",
    "uuid_type": "Ska vara ett id (UUID).",
    "date_type": "Ska vara ett datum (ÅÅÅÅ-MM-DD).",
    "date_parsing": "Ska vara ett datum (ÅÅÅÅ-MM-DD).",
    "date_from_datetime_parsing": "Ska vara ett datum (ÅÅÅÅ-MM-DD).",
    "date_from_datetime_inexact": "Ska vara ett datum (ÅÅÅÅ-MM-DD).",
    "string_pattern_mismatch": "Har fel form.",
    "union_tag_invalid": "Är av okänt slag.",
    "union_tag_not_found": "Slaget saknas.",
}


def _swedish(item: Mapping[str, Any]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    match kind:
        case "greater_than_equal":
            return f"Får inte vara mindre än {context['ge']}."
        case "greater_than":
            return f"Ska vara större än {context['gt']}."
        case "less_than_equal":
            return f"Får inte vara större än {context['le']}."
        case "string_too_short":
            return f"Ska ha minst {context['min_length']} tecken."
        case "string_too_long":
            return f"Får ha högst {context['max_length']} tecken."
        case "too_long":
            return f"Får ha högst {context['max_length']} poster."
        case "too_short":
            return f"Ska ha minst {context['min_length']} poster."
        case "enum" | "literal_error":
            allowed = context["expected"].replace(" or ", " eller ").replace("'", "")
            return f"Ska vara något av: {allowed}."
        case "value_error":
            return str(context.get("error", "Har fel värde."))
        case _:
            return _TEXTS.get(kind, "Har fel form eller värde.")


def korrelation_of(request: Request) -> str | None:
    """The call's correlation id, if the call got that far."""
    value = request.scope.get("dygn.korrelation")
    return value if isinstance(value, str) else None


def problem_of(error: Exception) -> Problem:
    """The problem that any error of a call is to the caller."""
    match error:
        case Problem():
            return error
        case Refused():
            return of_refusal(error)
        case RequestValidationError():
            return of_validation(error)
        case KeysUnavailable():
            return unavailable()
        case store.NotBuilt():
            return not_built()
        case _:
            return of_store(error)


async def answer_error(request: Request, error: Exception) -> JSONResponse:
    """FastAPI's exception handler for every error that has a problem document."""
    return response(problem_of(error), korrelation_of(request))


HANDLED: tuple[type[Exception], ...] = (
    Problem,
    Refused,
    RequestValidationError,
    KeysUnavailable,
    store.NotFound,
    store.Stale,
    store.KeyReused,
    store.Contended,
    store.TooLarge,
    store.Unavailable,
    store.NotBuilt,
)
