"""Rules about a lowered flow; node types of plugins are covered, because the rules read the program."""
