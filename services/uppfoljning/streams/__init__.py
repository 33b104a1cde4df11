"""What comes into the service: the others' events as raw facts, and how they are folded."""
