"""The embedded installation: catalogue, PostgreSQL, Kafka."""
