"""Schema changes: how every service's database is built and kept up to date."""
