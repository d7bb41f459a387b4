"""Stories of places and neighbourhoods: told, listed and uploaded."""
