"""Money: integers in the minor unit of a currency. Pure."""
