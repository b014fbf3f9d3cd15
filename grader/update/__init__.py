"""Brings a new version of the course into a learner's copy and leaves the learner's work alone."""
