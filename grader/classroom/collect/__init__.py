"""Stage 1: who has submitted what."""
