"""Reading a list of places that someone of the municipality uploads."""
