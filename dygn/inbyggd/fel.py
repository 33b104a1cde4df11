"""Errors of the embedded installation: every text is written for the person at the command line."""


class InbyggdFel(Exception):
    """Something about the embedded installation is wrong; the text (Swedish) says what to do."""


class KatalogUpptagen(InbyggdFel):
    """Another running process holds the catalogue."""


class JarFel(InbyggdFel):
    """A jar of the broker is missing, cannot be fetched or is not the one that was expected."""
