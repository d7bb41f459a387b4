"""What the words mean: tables and their schemas, categories, provenance, errors, CRS and units."""
