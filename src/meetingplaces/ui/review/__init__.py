"""Pairs of records that may be one place: the list and the page where people decide."""
