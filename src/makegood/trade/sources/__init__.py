"""Where facts come from besides the API: other systems' exports, and an invented marketplace."""
