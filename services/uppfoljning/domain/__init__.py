"""What uppfoljning derives from the facts of others: pure functions, no I/O, no clock.

Guarantees that every derived row is a function of the *set* of facts about its subject, whatever
the order in which they arrived, and that it says which events made it and when it was known.
``vikning`` is the way in; the other modules are one thought each.
"""
