"""A learner's progress, kept in one readable file."""
