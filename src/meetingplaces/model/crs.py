"""Reference systems: measure in RD New (metres), exchange in WGS84 (degrees, longitude first)."""

RD_NEW = "EPSG:28992"
WGS84 = "EPSG:4326"
