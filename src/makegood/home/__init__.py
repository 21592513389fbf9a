"""Where a running Makegood keeps its database, files and keys, and how its PostgreSQL runs."""
