"""The ledger: one book per merchant and currency, accounts with four totals, immutable transfers.

Knows no case and no order: whoever posts names the cause of a transfer by its id.
"""
