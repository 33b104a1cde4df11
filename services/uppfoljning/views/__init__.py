"""Derived rows: how they are folded from raw facts, and the queries that reports ask of them."""
