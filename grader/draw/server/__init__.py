"""Serves the page on this machine, with the learner's own networks and their own preparation."""
