"""Ontmoetingskaart: a map of the places where people in a Dutch neighbourhood meet."""

from importlib.metadata import version

__version__ = version("meetingplaces")
