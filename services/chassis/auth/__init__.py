"""Who calls, and what a caller of that kind may do."""
