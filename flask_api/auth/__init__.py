"""Registering, signing in and out, passwords, e-mail verification."""
