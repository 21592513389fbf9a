"""An invented marketplace of forty days, the same each time: for a first look at Makegood."""
