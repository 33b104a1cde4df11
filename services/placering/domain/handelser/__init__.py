"""The events that this service stores: its memory, read for ever.

Guarantees that no event holds a personnummer, a name, a birth date or a free text about a person
(only pointers to ciphertext), and that whatever a reader of the stream needs was written when it
was decided: every event that others may know carries the klient, because an event is mapped to
its contract messages without looking anything up.
"""
