"""Files as answers: always kept by whoever asked, never shown by the browser in our name."""

from urllib.parse import quote

from fastapi import Response


def download(name: str, media_type: str, content: bytes) -> Response:
    """A file to be saved under its name, whatever the letters of it."""
    return Response(content, media_type=media_type, headers=attachment(name))


def attachment(name: str) -> dict[str, str]:
    """The headers of an answer that is a file to be saved under this name."""
    plain = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\;%' else "_" for char in name
    )
    return {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "sandbox; default-src 'none'",
    }
