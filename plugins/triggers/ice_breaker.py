"""The trigger type ice_breaker."""

from plugins.triggers._payload import PayloadSchema


class IceBreaker(PayloadSchema):
    """Somebody taps one of the questions that greet a new conversation."""

    name = "ice_breaker"
    title = "Ice breaker"
