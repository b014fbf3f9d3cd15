"""Stage 2: each submission becomes a record."""
