"""Plugins: the hooks, the manager that loads them in isolation, and the registry as a checked value."""
