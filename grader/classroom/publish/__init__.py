"""Stage 3: the records become a gradebook, pages, tables and files for other services."""
