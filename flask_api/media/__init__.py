"""Uploaded media over HTTP."""
