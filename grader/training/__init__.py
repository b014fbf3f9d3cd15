"""`digits train`: a learner's own network, trained on all digits, in a process of its own that nobody relies on."""
