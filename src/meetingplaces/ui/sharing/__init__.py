"""What a visitor takes to others: a link, a full screen, a frame in another site, her own notes."""
