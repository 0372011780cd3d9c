"""Use cases, one file per feature word: the API, the command line and tests call these."""
