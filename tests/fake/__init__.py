"""Conformance of the fake Instagram."""
