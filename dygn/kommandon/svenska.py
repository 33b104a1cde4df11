"""Swedish for what the command-line library says by itself.

Guarantees that headings and standing texts of every help page are Swedish.
"""

from typing import Any

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
