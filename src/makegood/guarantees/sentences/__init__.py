"""The sentences of a reasoning: one for each code of a step, in every language."""
