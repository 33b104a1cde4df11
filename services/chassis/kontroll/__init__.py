"""Proof on a live installation that events, topics, facts and derived rows agree."""
