"""What a bundle holds and what is on screen, in formats that other programs open."""
