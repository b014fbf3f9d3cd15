"""A verdict in words: as styled text, and as HTML."""
