"""Stage 3: records become gradebooks, pages, tables and files for other services."""
