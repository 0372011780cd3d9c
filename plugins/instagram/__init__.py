"""In the box: instagram."""
