"""Log lines are JSON on standard error, one line an occurrence."""

import json
import subprocess
import sys

PROGRAM = """
import structlog
from services.chassis.telemetry.logging import configure
configure("INFO")
log = structlog.get_logger("prov")
log.debug("syns inte")
log.info("hände", antal=3, namn="Åäö")
try:
    raise RuntimeError("trasigt")
except RuntimeError:
    log.exception("fel")
"""


def test_loggrader_ar_json_med_tid_och_niva() -> None:
    svar = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, encoding="utf-8"
    )
    assert svar.stdout == ""
    rader = [json.loads(rad) for rad in svar.stderr.splitlines()]
    assert [(rad["event"], rad["level"]) for rad in rader] == [("hände", "info"), ("fel", "error")]
    assert (rader[0]["antal"], rader[0]["namn"]) == (3, "Åäö")
    assert all(rad["timestamp"].endswith("Z") for rad in rader)
    assert "RuntimeError: trasigt" in rader[1]["exception"]
