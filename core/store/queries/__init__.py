"""Questions and changes that more than one part of the house needs, in SQLAlchemy Core, scoped by tenant."""
