"""The record 存证: an append-only log of every step that shows when anything in it was changed.

Each action appends an *entry* in its own transaction. A sequencer numbers what is pending
into the leaves of an RFC 6962 Merkle tree, and a signed *checkpoint* seals the tree.
"""
