"""The peers: small honest programs that do the same, or the least that could be done."""
