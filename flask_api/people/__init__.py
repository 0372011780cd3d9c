"""One's own profile and sign-ins."""
