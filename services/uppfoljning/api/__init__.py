"""HTTP: the reports, why their figures are what they are, and how the streams stand."""
