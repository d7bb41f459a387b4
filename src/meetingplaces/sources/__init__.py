"""One adapter per protocol; the only room that talks to the network."""
