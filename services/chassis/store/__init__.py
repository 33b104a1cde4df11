"""The event store: one transaction holds events, idempotency answer, claims and ciphertext."""
