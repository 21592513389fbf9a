"""What is owed on a line and why, and what is held."""
