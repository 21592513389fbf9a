"""What the marketplace reports, and the order line that is folded from it."""
