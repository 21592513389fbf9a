"""Every write of the watch: facts taken, silence swept, holds decided.

`taking` and `sweeping` are the two ways in from facts, `deciding` the one from a person; all end
in `settling`, which judges (`judging`), moves money (`paying`) and appends one entry.
"""
