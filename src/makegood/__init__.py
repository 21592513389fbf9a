"""Makegood, the service-guarantee system that a marketplace runs beside its shop."""
