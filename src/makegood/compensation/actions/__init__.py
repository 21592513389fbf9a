"""Every write of compensation: awards and what moved outside, settled in one set of postings.

`settlement` is the way in from the watch, `holds` the one from a person's word.
"""
