"""Frozen data that every layer speaks: standard library only, no I/O, no clock, no randomness."""
