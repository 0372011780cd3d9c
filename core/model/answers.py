"""What a contact answers to a question of each type, where an example is needed."""

WORD = "hello"
"""What they write where anything will do."""
PICTURE = {"type": "image", "url": "https://cdn.example/a.jpg"}
SAMPLES = {
    "email": "ana@mail.example",
    "phone": "+33612345678",
    "number": "7",
    "date": "2026-03-01",
    "url": "https://shop.example",
    "text": WORD,
}
"""Type of question -> a valid answer."""
