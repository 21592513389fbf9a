"""The heart: ten guarantees, judged from facts. No Django, no clock, no input or output."""
