"""Everything that tests and demos of flows stand on."""
