"""What leaves the service and what comes in."""
