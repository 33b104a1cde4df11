"""The errors that the command line shows: a text for the person who typed the command.

Guarantees that whatever goes wrong in an expected way ends as one Swedish text on standard error
and an exit code, never as a traceback.
"""


class DygnFel(Exception):
    """Something is wrong that the person at the command line can do something about (Swedish)."""

    kod = 1
    """The exit code."""
