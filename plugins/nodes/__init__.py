"""In the box: nodes."""
