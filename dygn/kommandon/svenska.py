"""Swedish for what the command-line library says by itself.

Guarantees that headings and standing texts of every help page are Swedish, and so is what is said
when a command is typed wrong. A sentence of the library that is not known here is shown as it is.
"""

import re
from typing import Any, cast

import typer
from typer import rich_utils

_RUBRIKER = {
    "ARGUMENTS_PANEL_TITLE": "Argument",
    "OPTIONS_PANEL_TITLE": "Val",
    "COMMANDS_PANEL_TITLE": "Kommandon",
    "ERRORS_PANEL_TITLE": "Fel",
    "DEFAULT_STRING": "[förval: {}]",
    "REQUIRED_LONG_STRING": "[krävs]",
    "RICH_HELP": "Hjälp: [blue]{command_path} {help_option}[/]",
    "ABORTED_TEXT": "Avbrutet.",
}
_HJALP = "Visa den här hjälpen."

Anvandningsfel = cast(type[Exception], typer.BadParameter.__bases__[0])
"""What the library raises when a command is typed wrong; it has no public name."""

_VARDE = r"Invalid value for '?(.+?)'?: (?:Value error, )?"
_SATSER = tuple(
    (re.compile(engelska, re.DOTALL), svenska)
    for engelska, svenska in (
        (r"Missing option '(.+)'\..*", r"Valet \1 krävs."),
        (r"Missing argument '(.+)'\..*", r"Argumentet \1 saknas."),
        (r"Missing command\.", "Kommandot saknas."),
        (r"No such command '(.+)'\..*", r"Kommandot \1 finns inte."),
        (r"No such option: (\S+) \(.*: (.+)\)", r"Valet \1 finns inte. Menade du \2?"),
        (r"No such option: (\S+).*", r"Valet \1 finns inte."),
        (r"Option '(.+)' requires an argument\.", r"Valet \1 ska följas av ett värde."),
        (r"Got unexpected extra argument\S* \((.+)\)", r"För många argument: \1."),
        (_VARDE + r"'.*' is not one of (.+)\.", r"\1: Ska vara något av \2."),
        (_VARDE + r"Input should be a valid UUID.*", r"\1: Ska vara ett id (UUID)."),
        (_VARDE + r"Input should be a valid integer.*", r"\1: Ska vara ett heltal."),
        (_VARDE + r"Input should be a valid number.*", r"\1: Ska vara ett tal."),
        (_VARDE + r"Input should be greater than or equal to (.+)", r"\1: Minst \2."),
        (_VARDE + r"Input should be less than or equal to (.+)", r"\1: Högst \2."),
        (_VARDE + r"(.*)", r"\1: \2"),
    )
)


def felsats(engelska: str) -> str:
    """What the library says is wrong, in Swedish."""
    for monster, svenska in _SATSER:
        if traff := monster.fullmatch(engelska):
            return traff.expand(svenska)
    return engelska


def oversatt(kommando: Any) -> Any:
    """The command with Swedish texts on it and on every command under it."""
    for namn, text in _RUBRIKER.items():
        setattr(rich_utils, namn, text)
    _oversatt_hjalpval(kommando)
    return kommando


def _oversatt_hjalpval(kommando: Any) -> None:
    hamta = kommando.get_help_option

    def pa_svenska(sammanhang: Any) -> Any:
        val = hamta(sammanhang)
        if val is not None:
            val.help = _HJALP
        return val

    kommando.get_help_option = pa_svenska
    for under in getattr(kommando, "commands", {}).values():
        _oversatt_hjalpval(under)
