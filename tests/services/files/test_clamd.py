"""ClamAV's daemon: what it finds stays out, and so does what it did not look at."""

import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from parvis.services import clamd
from parvis.services.antivirus import scan
from parvis.services.clamd import ClamdAddressError, Place, Verdict
from parvis.services.files import FileRefusedError, Shelf, attach, checked
from parvis.services.settings import Settings
from parvis.states.facts import By
from parvis.states.stages import Role
from tests.services.desk import Desk, moment
from tests.services.files import samples

MOST = 200_000
Answer = Callable[[socket.socket], None]


def read_stream(daemon: socket.socket) -> bytes:
    """What a client sends, as the protocol says it; cut where it is larger than the daemon takes."""
    said = daemon.makefile("rb")
    assert said.read(10) == b"zINSTREAM\0"
    content = b""
    while (length := struct.unpack("!I", said.read(4))[0]) and len(content) + length <= MOST:
        content += said.read(length)
    return content if not length else content + b"\0" * length


def looks(daemon: socket.socket) -> None:
    content = read_stream(daemon)
    if len(content) > MOST:
        daemon.sendall(b"INSTREAM size limit exceeded. ERROR\0")
    else:
        daemon.sendall(b"stream: Eicar FOUND\0" if samples.EICAR in content else b"stream: OK\0")


def says(answer: bytes) -> Answer:
    def answering(daemon: socket.socket) -> None:
        read_stream(daemon)
        daemon.sendall(answer)

    return answering


def drips(daemon: socket.socket) -> None:
    """A byte now and then: each is in time, the whole is not."""
    read_stream(daemon)
    for byte in b"stream: OK":
        daemon.sendall(bytes([byte]))
        time.sleep(0.1)


@contextmanager
def listening(answer: Answer, path: Path | None = None) -> Iterator[str]:
    """A daemon that answers each connection so, on a socket at `path` or on a port; its address."""
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(str(path) if path else ("127.0.0.1", 0))
    server.listen()

    def serve() -> None:
        while True:
            try:
                daemon = server.accept()[0]
            except OSError:
                return
            with daemon:
                try:
                    answer(daemon)
                except (OSError, struct.error):
                    continue

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    try:
        yield f"clamd://{path}" if path else f"clamd://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        serving.join(2)


def refusal(antivirus: str, content: bytes) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        scan(antivirus, "note.txt", content)
    return refused.value


@pytest.mark.parametrize("on_a_socket", [True, False])
def test_the_daemon_is_asked_on_a_socket_or_on_a_port(tmp_path: Path, on_a_socket: bool):
    with listening(looks, tmp_path / "clamd.ctl" if on_a_socket else None) as address:
        scan(address, "note.txt", b"x" * 150_000)

        assert refusal(address, b"a" * 70_000 + samples.EICAR).code == "file_infected"


def test_a_file_larger_than_the_daemon_takes_is_refused_with_what_to_do():
    with listening(looks) as address:
        refused = refusal(address, b"x" * 5_000_000)

    assert refused.code == "file_not_scanned"
    assert "trop lourd pour l’antivirus" in refused.sentence.fr


@pytest.mark.parametrize(
    "answer",
    [b"", b"stream: OK", b"stream: Broken ERROR\0", b"\xff\xfe\0", b"UNKNOWN COMMAND\0", b"o" * 10_000],
)
def test_an_answer_that_is_neither_yes_nor_no_lets_nothing_in(answer: bytes):
    with listening(says(answer)) as address:
        assert refusal(address, b"bonjour").code == "file_not_scanned"


@pytest.mark.parametrize("answer", [drips, lambda daemon: time.sleep(1), lambda daemon: daemon.close()])
def test_a_daemon_that_hangs_or_hangs_up_has_not_answered(answer: Answer):
    with listening(answer) as address:
        begun = time.monotonic()

        assert clamd.ask(address, b"x" * 5_000_000, seconds=0.3) is Verdict.SILENT
        assert time.monotonic() - begun < 0.8


def test_a_daemon_that_is_away_lets_nothing_in_and_nothing_is_kept(desk: Desk, tmp_path: Path):
    case = desk.submitted_case()
    shelf = Shelf(tmp_path / "files", antivirus=f"clamd://{tmp_path}/nobody.ctl")

    with desk.database.transaction() as session, pytest.raises(FileRefusedError) as refused:
        by = By("person:1", Role.INSTRUCTOR)
        attach(session, shelf, case, checked(shelf, "rib.pdf", samples.pdf()), by=by, at=moment("2026-06-02"))

    assert refused.value.code == "file_not_scanned"
    assert "L’antivirus ne répond pas" in refused.value.sentence.fr
    assert not shelf.folder.exists()
    assert desk.value("SELECT count(*) FROM files") == 0


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("clamd://127.0.0.1:3310", Place(host="127.0.0.1", port=3310)),
        ("clamd://[::1]:3310/", Place(host="::1", port=3310)),
        ("clamd:///run/clamav/clamd.ctl", Place(path="/run/clamav/clamd.ctl")),
    ],
)
def test_where_the_daemon_listens_is_a_port_or_a_path(address: str, place: Place):
    assert clamd.place_of(address) == place


@pytest.mark.parametrize(
    "address",
    ["clamd:", "clamd://", "clamd://host", "clamd://host:x", "clamd://host:3310/path", "clamd:///", "clamd://[::1",
     "clamd://user:secret@host:3310", "clamd://host:99999", "clamdscan -"],
)  # fmt: skip
def test_half_an_address_is_refused_as_a_setting_and_when_asked(address: str):
    with pytest.raises(ClamdAddressError):
        clamd.place_of(address)

    assert clamd.ask(address, b"x") is Verdict.SILENT
    if address.startswith("clamd:"):
        with pytest.raises(ValidationError):
            Settings(antivirus=address)


@pytest.fixture
def real_clamd(tmp_path: Path) -> Iterator[str]:
    """ClamAV's own daemon, which knows one signature."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed (apt install clamav-daemon)")
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "eicar.ndb").write_text(f"Eicar-Test:0:*:{samples.EICAR.hex()}\n")
    (tmp_path / "clamd.conf").write_text(
        f"LocalSocket {tmp_path}/clamd.ctl\nDatabaseDirectory {tmp_path}/signatures\nForeground yes\n"
        f"StreamMaxLength 1M\nTemporaryDirectory {tmp_path}\n"
    )
    daemon = subprocess.Popen([program, "-c", tmp_path / "clamd.conf"], stdout=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + 20
        while not (tmp_path / "clamd.ctl").exists() and time.monotonic() < limit:
            assert daemon.poll() is None
            time.sleep(0.05)
        yield f"clamd://{tmp_path}/clamd.ctl"
    finally:
        daemon.terminate()
        daemon.wait(10)


def test_the_real_daemon_lets_in_what_is_sound_and_keeps_out_the_rest(real_clamd: str):
    scan(real_clamd, "rib.pdf", samples.pdf())

    assert refusal(real_clamd, samples.EICAR).code == "file_infected"
    assert "trop lourd" in refusal(real_clamd, b"x" * 3_000_000).sentence.fr
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        port = gone.getsockname()[1]
    assert refusal(f"clamd://127.0.0.1:{port}", b"bonjour").code == "file_not_scanned"
