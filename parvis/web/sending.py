"""Files as answers: kept by whoever asked, never shown in our name; pictures apart, which run nothing."""

from urllib.parse import quote

from fastapi import Response

SHUT_IN = "sandbox; default-src 'none'"
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""What a letter shown as a mail may do: nothing but look as it will."""


def download(name: str, media_type: str, content: bytes) -> Response:
    """A file to be saved under its name, whatever the letters of it."""
    return Response(content, media_type=media_type, headers=attachment(name))


def shown(media_type: str, content: bytes) -> Response:
    """A picture for a page of ours to show; opened alone, it is as shut in as a file."""
    headers = {"content-disposition": "inline", "content-security-policy": SHUT_IN}
    return Response(content, media_type=media_type, headers=headers)


def attachment(name: str) -> dict[str, str]:
    """The headers of an answer that is a file to be saved under this name."""
    plain = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\;%' else "_" for char in name
    )
    return {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": SHUT_IN,
    }
