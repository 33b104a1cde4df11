"""How the reports look: as a table for the eye, as JSON, as CSV.

Nothing is counted here but what can be seen to agree: figures come from the service uppfoljning,
and money is whole öre until the last moment.
"""
