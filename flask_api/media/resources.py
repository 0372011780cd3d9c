"""Uploaded media over HTTP (decision 39)."""

from typing import Any

from flask import Response, request, send_file

from core.model.errors import ServiceError
from core.model.limits import MEDIA_BYTES
from core.services import accounts, media, media_files
from core.services.actor import Actor
from core.services.house import House
from flask_api import security
from flask_api.api import Blueprint
from flask_api.fields import PageQuery
from flask_api.media import schemas
from flask_api.paged import PAGED, page_of, paged

ALL = "/instagram-accounts/{instagramAccountId}/media"
ONE = "/media/{mediaId}"
AROUND = 64 * 1024
"""What a form needs beside its file."""
SEALED = "default-src 'none'; sandbox"
"""A file that somebody uploaded runs nothing, whatever it is."""
FORM = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}


def blueprint(house: House) -> Blueprint:
    """The operations on media."""
    blp = Blueprint("media", "Uploaded images, videos, sounds and files")
    _all(blp)
    _one(blp)
    return blp


def _all(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        ALL,
        id="uploadMedia",
        role="editor",
        summary="Upload a file",
        out=schemas.MediumSchema,
        status=201,
        errors=(413, 415),
        form={"schema": FORM, "example": {"file": "the file's bytes"}},
    )
    def upload(house: House, who: Actor, instagram_account_id: str) -> Any:
        """A form with the field `file`: an image up to 8 MiB, a video, sound or PDF up to 25 MiB; its type goes by its content."""
        accounts.read(house, who, instagram_account_id)
        request.max_content_length = MEDIA_BYTES + AROUND
        return media.create(house, who, instagram_account_id, _file())

    @blp.operation(
        "GET",
        ALL,
        id="listMedia",
        role="editor",
        summary="An account's uploads",
        query=PageQuery,
        out=schemas.MediumSchema(many=True),
        headers=PAGED,
    )
    def list_media(house: House, who: Actor, query: dict[str, Any], instagram_account_id: str) -> Any:
        """The newest first."""
        found = media.listed(house, who, instagram_account_id, page_of(query))
        return paged(found.rows, found)


def _file() -> media.Upload:
    """The form's file, read; what the form brought is closed."""
    given = request.files.get("file")
    if given is None:
        message = "Send a form (multipart/form-data) with the field file"
        raise ServiceError(400, "validation_failed", message, {"file": ["Missing data for required field."]})
    try:
        return media.Upload(given.filename or "", given.read())
    finally:
        for one in request.files.values():
            one.close()


def _one(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        ONE,
        id="getMedia",
        role="public",
        summary="A medium's bytes",
        query=schemas.AddressQuery,
        errors=(401,),
        raw=("application/octet-stream", "the file's bytes"),
    )
    def get_media(house: House, who: None, query: dict[str, Any], media_id: str) -> Response:
        """By the signed address that the upload answered, until it expires, or with a Bearer token of its owner."""
        reader: Actor | None = None
        if not media_files.proven(house, media_id, query.get("expires", 0), query.get("signature", "")):
            reader = security.identify(house)
        path, mime, name = media.file_of(house, reader, media_id)
        answer = send_file(path, mime, download_name=name, conditional=True, max_age=3600)
        answer.headers["Content-Security-Policy"] = SEALED
        answer.cache_control.public = False
        answer.cache_control.private = True
        return answer

    @blp.operation("DELETE", ONE, id="deleteMedia", role="editor", summary="Delete a medium", status=204)
    def delete_media(house: House, who: Actor, media_id: str) -> None:
        """Flows that name it can no longer send it."""
        media.remove(house, who, media_id)
