"""Containers for tests, where an engine answers and the image is to be had.

Says why not, where not, so that the run can print it: nothing is passed over in silence.
"""

import gc
import os
import warnings
from typing import Any


def kor(
    avbild: str, miljo: dict[str, str], portar: dict[int, int | None]
) -> tuple[Any, None] | tuple[None, str]:
    """Start a container of `avbild`; `portar` maps its ports to ours (None: any).

    Returns testcontainers' object (`get_exposed_port`, `stop`), or None and the reason.
    """
    if os.environ.get("DYGN_TEST_DOCKER") == "nej":
        return None, "DYGN_TEST_DOCKER=nej"
    # We stop what we start; the library's own cleaner would be one more image to fetch.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    with warnings.catch_warnings():
        # The client drops its socket unclosed where no engine listens; that is collected here,
        # not in the middle of some test that then gets the blame.
        warnings.simplefilter("ignore")
        try:
            return _kor(avbild, miljo, portar)
        finally:
            gc.collect()


def _kor(
    avbild: str, miljo: dict[str, str], portar: dict[int, int | None]
) -> tuple[Any, None] | tuple[None, str]:
    import docker  # type: ignore[import-untyped]
    from docker.errors import DockerException  # type: ignore[import-untyped]
    from testcontainers.core.container import DockerContainer

    try:
        motor = docker.from_env(timeout=5)
        motor.ping()
    except (DockerException, OSError):
        return None, "ingen Docker svarar"
    try:
        if not motor.images.list(name=avbild):
            docker.from_env(timeout=300).images.pull(avbild)
        behallare = DockerContainer(avbild)
        for namn, varde in miljo.items():
            behallare.with_env(namn, varde)
        for inre, yttre in portar.items():
            behallare.with_bind_ports(inre, yttre)
        return behallare.start(), None
    except (DockerException, OSError) as fel:
        skal = " ".join(str(fel).split())[:100]
        return None, f"Docker svarar, men {avbild} går inte att köra: {skal} …"
    finally:
        motor.close()
