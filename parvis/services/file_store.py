"""The bytes of stored files: one file on disk for each content, named by its SHA-256, whole or absent."""

import hashlib
import os
import secrets
from pathlib import Path

from parvis.services.file_problems import LostFileError


def keep(folder: Path, content: bytes) -> bytes:
    """Keep `content` under `folder`; its SHA-256, 32 bytes. The same content twice is kept once.

    When this returns, the bytes are on the disk under their name: a power cut loses nothing, and nobody ever sees
    a part of them.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    digest = hashlib.sha256(content)
    path = _path(folder, digest.digest())
    if path.is_file() and path.stat().st_size == len(content):
        return digest.digest()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o440)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    for parent in (path.parent, path.parent.parent):
        _settle(parent)
    return digest.digest()


def read(folder: Path, sha256: bytes, *, name: str) -> bytes:
    """The bytes kept under this SHA-256, checked; `name` is for the error.

    Raises:
        LostFileError: they are not there, or were changed.
    """
    try:
        content = _path(folder, sha256).read_bytes()
    except FileNotFoundError:
        raise LostFileError(name, sha256.hex()) from None
    if hashlib.sha256(content).digest() != sha256:
        raise LostFileError(name, sha256.hex())
    return content


def _path(folder: Path, sha256: bytes) -> Path:
    said = sha256.hex()
    return folder / said[:2] / said


def _settle(folder: Path) -> None:
    """Have the disk remember what the folder lists."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
