"""Events' way from one service to another: relay, inbox, folding, settled instant, quarantine.

Knows no domain word: what an event means is handed in as a mapping, a register and a folding.
"""
