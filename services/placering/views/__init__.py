"""Tables beside the events: personal data as ciphertext, a copy of the suppliers' register."""
