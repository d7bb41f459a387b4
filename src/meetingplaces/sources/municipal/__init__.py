"""Datasets of municipalities: one small module per protocol, one common result, no code per city."""
