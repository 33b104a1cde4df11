"""The subcommands: each module registers its own on the application of `dygn.__main__`."""
