"""Measures the README's figures, next to peers in the same run."""
