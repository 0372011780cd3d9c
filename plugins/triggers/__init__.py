"""In the box: triggers."""
