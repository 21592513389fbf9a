"""Law: statute packs as data, and the few functions that read them. Pure."""
