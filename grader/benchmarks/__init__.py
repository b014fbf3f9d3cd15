"""Measures what the README claims, beside peers in the same run."""
