"""Support for tests: real servers, fresh databases, waiting with a reason."""
