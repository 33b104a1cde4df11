"""The command line of Dygn and the composition that runs every service in one process.

Stands above everything else: it may import any service, and nothing may import it.
"""
