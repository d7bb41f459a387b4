"""The page *Dichtbij*: where a resident can go from where she is."""
