"""How tables are stored: by merchant, in bulk, and closed to change where they must be."""
