"""What a bundle holds, in formats that other programs open."""
