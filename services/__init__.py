"""The three services and the technical frame that they share."""
