"""Stage 1: which submissions there are."""
