"""Checking, compiling and simulating flows without storing them."""
