"""Triggers: how flows begin."""
