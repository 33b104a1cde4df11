"""The HTTP frame: what every route of every service has in common."""
