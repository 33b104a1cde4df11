"""A progress bar on standard error, and only where somebody looks at it.

Guarantees that nothing of it is in a file or a pipe.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.progress import TimeElapsedColumn as Forfluten
from rich.progress import TimeRemainingColumn as Kvar
from rich.text import Text

from dygn.overforing.overforing import Framsteg
from dygn.rapporter.tal import antal
from dygn.rapporter.utseende import konsol


class Takt(ProgressColumn):
    """How many a second, over the last half minute."""

    def render(self, task: Task) -> Text:
        """The rate, empty until there is one."""
        takt = task.finished_speed or task.speed
        return Text("" if takt is None else f"{antal(round(takt))}/s", style="progress.data.speed")


@contextmanager
def framsteg(vad: str, *, takt: bool = False, kvar: bool = False) -> Iterator[Framsteg]:
    """A function that shows how far the work on ``vad`` has come; a bar for each stage of it.

    ``takt`` shows the rate as well, ``kvar`` the time that is left at that rate.
    """
    ut = konsol(fel=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *([Takt()] if takt else []),
        Forfluten(),
        *([TextColumn("kvar"), Kvar()] if kvar else []),
        console=ut,
        disable=not ut.is_terminal,
    ) as balk:
        skeden: dict[str, TaskID] = {}

        def visa(skede: str, klara: int, alla: int) -> None:
            if skede not in skeden:
                skeden[skede] = balk.add_task(f"{skede} {vad}".strip(), total=alla)
            balk.update(skeden[skede], completed=klara, total=alla)

        yield visa
