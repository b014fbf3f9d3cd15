"""What a learner has reached, kept in one readable file."""
