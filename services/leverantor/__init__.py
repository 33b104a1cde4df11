"""The service leverantor: register of suppliers and units, avtal, list prices, avropsstopp."""
