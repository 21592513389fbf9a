"""The face for people: pages, in one folder per audience."""
