"""Pure numbers about places and neighbourhoods."""
