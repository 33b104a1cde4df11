"""Reads what the classes say of themselves: docstrings of classes and of their fields.

Guarantees that the words in the published documents are those that stand beside the field in the
code; nobody writes a description twice. The source is read as a syntax tree, because Python keeps
no docstring of a field. A class made without source (in a test) has no descriptions.
"""

import ast
import functools
import inspect
import re
import textwrap
from itertools import pairwise


def klassbeskrivning(klass: type) -> str:
    """The class's docstring as CommonMark; empty when it has none of its own."""
    return commonmark(klass.__dict__.get("__doc__") or "")


def faltbeskrivningar(klass: type) -> dict[str, str]:
    """Description by field name, inherited fields included; the nearest class has the last word."""
    funna: dict[str, str] = {}
    for steg in reversed(klass.__mro__):
        funna |= _egna(steg)
    return funna


@functools.cache
def _egna(klass: type) -> dict[str, str]:
    try:
        trad = ast.parse(textwrap.dedent(inspect.getsource(klass)))
    except (OSError, TypeError):
        return {}
    kropp = trad.body[0]
    if not isinstance(kropp, ast.ClassDef):
        return {}
    return {
        falt.target.id: commonmark(text.value.value)
        for falt, text in pairwise(kropp.body)
        if isinstance(falt, ast.AnnAssign)
        and isinstance(falt.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def commonmark(docstring: str) -> str:
    """A docstring as a document shows it: one line a paragraph, and JSON's word for nothing."""
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(docstring))
    return text.replace("``None``", "``null``").replace("``", "`")
