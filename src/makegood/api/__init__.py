"""The face for machines: JSON over HTTP, with keys and problem documents."""
