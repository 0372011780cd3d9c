"""In the box: http."""
