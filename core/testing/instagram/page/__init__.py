"""The files of the page on which a person plays the contact."""
