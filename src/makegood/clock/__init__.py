"""Clocks: instants, durations that name their clock, deadlines that explain themselves. Pure."""
