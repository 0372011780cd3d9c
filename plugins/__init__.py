"""What comes in the box, through the same door as a third party's plugin."""
