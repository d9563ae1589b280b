"""The bytes of stored files: one file on disk for each content, named by its SHA-256, whole or absent."""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.services.file_problems import LostFileError

_A_DAY = 86_400


def keep(folder: Path, content: bytes) -> bytes:
    """Keep `content` under `folder`; its SHA-256, 32 bytes. The same content twice is kept once.

    When this returns, the bytes are on the disk under their name: a power cut loses nothing, and nobody ever sees
    a part of them.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    digest = hashlib.sha256(content)
    path = path_of(folder, digest.digest())
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


def adopt(folder: Path, file: Path) -> bytes:
    """Keep a file written below `folder` by moving it to its name, whatever its size; its SHA-256, 32 bytes.

    Raises:
        OSError: the disk cannot be written.
    """
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").digest()
        os.fsync(opened.fileno())
    path = path_of(folder, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.chmod(0o440)
    file.replace(path)
    for parent in (path.parent, path.parent.parent):
        _settle(parent)
    return digest


def is_whole(folder: Path, sha256: bytes) -> bool:
    """Whether the bytes kept under this SHA-256 are there and unchanged."""
    try:
        with path_of(folder, sha256).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").digest() == sha256
    except FileNotFoundError:
        return False


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """An empty folder to make a file in, on the same disk as those kept; gone afterwards.

    Those left by processes that were killed are swept first, once they are a day old.
    """
    shop = folder / ".making"
    shop.mkdir(parents=True, exist_ok=True)
    newest = max((each.stat().st_mtime for each in shop.iterdir()), default=0.0)
    for left in shop.iterdir():
        if left.stat().st_mtime < newest - _A_DAY:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=shop) as made:
        yield Path(made)


def read(folder: Path, sha256: bytes, *, name: str) -> bytes:
    """The bytes kept under this SHA-256, checked; `name` is for the error.

    Raises:
        LostFileError: they are not there, or were changed.
    """
    try:
        content = path_of(folder, sha256).read_bytes()
    except FileNotFoundError:
        raise LostFileError(name, sha256.hex()) from None
    if hashlib.sha256(content).digest() != sha256:
        raise LostFileError(name, sha256.hex())
    return content


def erase(folder: Path, sha256: bytes) -> bool:
    """Erase the bytes kept under this SHA-256; whether they were there."""
    path = path_of(folder, sha256)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _settle(path.parent)
    return True


def path_of(folder: Path, sha256: bytes) -> Path:
    """Where the bytes of this SHA-256 are, or would be."""
    said = sha256.hex()
    return folder / said[:2] / said


def _settle(folder: Path) -> None:
    """Have the disk remember what the folder lists."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
