"""Health, readiness, metrics, the OpenAPI document and its page."""
