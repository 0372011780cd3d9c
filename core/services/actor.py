"""Who asks: the signed-in person as the use cases see them."""

from dataclasses import dataclass, field

RANK = {"public": -1, "signed-in": 0, "agent": 1, "editor": 2, "team-admin": 3, "owner": 4, "platform-admin": 5}
"""What an operation may demand (its ``x-role``), the weaker the smaller."""

STANDING = {"agent": "agent", "user": "owner", "admin": "platform-admin"}
"""What a platform role (LLD 8) is worth on the data that its holder can reach."""


@dataclass(frozen=True, slots=True)
class Actor:
    """``role`` is the platform role (user, agent or admin), ``session`` the family of the sign-in.

    ``key`` is the request's Idempotency-Key, if there was one. ``foreign`` collects the tenants that an operator of the
    installation reached into: the audit log tells of each (api.md, "Who may do what").
    """

    user_id: str
    role: str = "user"
    session: str = ""
    key: str | None = None
    foreign: set[str] = field(default_factory=set, compare=False)

    @property
    def operator(self) -> bool:
        """True for the operator of the installation, who may reach every tenant's data."""
        return self.role == "admin"

    def may(self, demanded: str) -> bool:
        """True when this person's standing is enough for an operation.

        >>> Actor("u", "agent").may("editor"), Actor("u").may("owner"), Actor("u").may("platform-admin")
        (False, True, False)
        """
        return RANK[STANDING[self.role]] >= RANK[demanded]
