"""The board of `digits board`: one's own networks beside the course's, by accuracy, size and time."""
