"""Builds the course as a website of static files, with Sphinx, from the documents as they stand in the repository."""
