"""The bundle of one municipality on disk: written whole or not at all, read fast."""
