"""The embedded installation: a real PostgreSQL and a real Kafka that belong to one catalogue.

Nothing here knows what the services store. `katalog` owns the folder and its secrets,
`postgres` and `kafka` own one server process each, `databaser` makes the databases and roles.
"""
