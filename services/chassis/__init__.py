"""The technical frame of every service; it knows no word of the domain."""
