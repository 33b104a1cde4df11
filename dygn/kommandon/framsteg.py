"""A progress bar on standard error, and only where somebody looks at it.

Guarantees that nothing of it is in a file or a pipe.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Forfluten

from dygn.overforing.overforing import Framsteg
from dygn.rapporter.utseende import konsol


@contextmanager
def framsteg(vad: str) -> Iterator[Framsteg]:
    """A function that shows how far the work on ``vad`` has come; a bar for each stage of it."""
    ut = konsol(fel=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Forfluten(),
        console=ut,
        disable=not ut.is_terminal,
    ) as balk:
        skeden: dict[str, TaskID] = {}

        def visa(skede: str, klara: int, alla: int) -> None:
            if skede not in skeden:
                skeden[skede] = balk.add_task(f"{skede} {vad}", total=alla)
            balk.update(skeden[skede], completed=klara, total=alla)

        yield visa
