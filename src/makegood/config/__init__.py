"""Wiring only: settings, urls and the WSGI application."""
