"""An invented but plausible kommun, the same for the same seed: for the demo and for measuring.

No person, supplier or number in it is real: organisationsnummer are of a series that is not given
out, names say that they are made up, and a klient has no name and no personnummer.
"""
