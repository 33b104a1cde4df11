"""Data that comes along.

``evb_lss_2023-12-31.csv``: the 58 decisions under 9 § LSS that were not carried out on 31 December
2023, from a nämndhandling, Borås Stad, February 2024, as an import file. The paper gives days since
the decision; beslutsdatum is 2023-12-31 minus those days. The order is the paper's, and the
references are ours (the paper has none): three decisions look the same and are three.
"""

from pathlib import Path

EVB_LSS_2023 = Path(__file__).with_name("evb_lss_2023-12-31.csv")
"""The import file of the 58 decisions."""
EVB_LSS_2023_KALLA = "boras-2024-02"
"""The name of their source when they are imported."""
