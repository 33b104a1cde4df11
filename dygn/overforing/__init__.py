"""Taking over history from another system: read a CSV file, have it judged, send it in parts.

`kolumner` says what the files hold, `csvfil` reads them, `bitar` makes the parts, `overforing`
judges and sends. Nothing here decides what is right in the field: the services do.
"""
