"""Graph API errors of the fake: code, subcode, HTTP status and words (reference 2.7)."""

from typing import Any


class GraphError(Exception):
    """An answer with ``error``. ``code`` and ``subcode`` are the contract; words and status are best guesses."""

    def __init__(self, code: int, subcode: int = 0, message: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code, self.subcode = code, subcode
        self.message = message or WORDS.get((code, subcode)) or WORDS.get((code, 0), "An error occurred")
        self.status = status or status_of(code)

    def body(self, trace: str) -> dict[str, Any]:
        """The JSON of the answer."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.code in (190, 102):
            error["message"] = self.message
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.code in (1, 2, 4, 17, 32, 613):
            error["is_transient"] = self.code == 2
        error["fbtrace_id"] = trace
        return {"error": error}


def status_of(code: int) -> int:
    """The usual HTTP status of a code.

    >>> status_of(190), status_of(10), status_of(2), status_of(613)
    (401, 400, 500, 400)
    """
    return {190: 401, 102: 401, 200: 403, 230: 403, 1: 500, 2: 500}.get(code, 400)


WORDS: dict[tuple[int, int], str] = {
    (1, 0): "An unknown error has occurred",
    (1, 1357046): "Received Invalid JSON reply",
    (2, 0): "Service temporarily unavailable",
    (2, 1545133): "Temporarily unavailable, try again later",
    (4, 0): "Application request limit reached",
    (9, 0): "There have been too many calls",
    (10, 0): "Application does not have permission for this action",
    (10, 2534022): "This message is sent outside of allowed window.",
    (10, 1893063): "The account is temporarily restricted",
    (10, 2018300): "Message failed to send because another app is controlling this thread now.",
    (17, 0): "User request limit reached",
    (100, 0): "Invalid parameter",
    (100, 33): "Unsupported request. Object does not exist or cannot be loaded due to missing permissions",
    (100, 2534014): "No matching Instagram user",
    (100, 2534015): "The message data is not allowed",
    (100, 2534025): "The comment is invalid for a private reply",
    (100, 2534068): "Several images in one message are not enabled for this account",
    (100, 2018008): "Failed to fetch the file from the url",
    (100, 2018014): "A message and a sender action cannot be sent together",
    (100, 2018047): "Upload attachment failure. The type does not match",
    (100, 2018074): "The attachment or media id is not valid",
    (100, 2018109): "Attachment size exceeds the allowed limit",
    (100, 2018294): "The video could not be processed in time",
    (190, 0): "Invalid OAuth access token.",
    (190, 460): "Error validating access token: The session has been invalidated because the password was changed.",
    (190, 463): "Error validating access token: Session has expired.",
    (200, 0): "Permissions error",
    (200, 2534041): "The account owner has switched off message access for connected tools",
    (230, 0): "User consent is required to access user profile",
    (551, 1545041): "This person isn't available right now.",
    (613, 0): "Calls to this api have exceeded the rate limit.",
    (80002, 0): "There have been too many calls to this Instagram account. Wait a bit and try again.",
    (9000001, 0): "The message was deleted",
}
