"""Tables beside the events: personal data as ciphertext, and the copy of the suppliers' register."""
