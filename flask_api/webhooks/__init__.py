"""Instagram's webhooks: a receiver without Flask in front of it, and the same operations in the OpenAPI document."""
