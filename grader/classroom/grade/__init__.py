"""Stage 2: submissions become records."""
