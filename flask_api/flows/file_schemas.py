"""Bodies and answers of flows as files."""

from marshmallow import fields

from flask_api.fields import Schema, one_of, string


class ExportQuery(Schema):
    """The notation that is wanted."""

    format = one_of("json", "yaml", "flow", load_default="yaml")


class ExportedSchema(Schema):
    """A flow as a file."""

    file_name = fields.String(required=True)
    format = one_of("json", "yaml", "flow", required=True)
    text = fields.String(required=True)


class ImportBody(Schema):
    """A flow as text."""

    text = string(5_000_000, 1, required=True, metadata={"description": "JSON, YAML or the text language"})
    format = one_of("json", "yaml", "flow", metadata={"description": "When it cannot be seen from the text"})
    name = string(200, 1, metadata={"description": "Instead of the name in the text"})
