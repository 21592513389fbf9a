"""Commands for people and machines at a terminal."""
