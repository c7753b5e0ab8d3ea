"""The server's console: what it makes, what it refuses, and with which exit code."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest
import requests
from cryptography import x509

from advocate_app.wire.invitation import read_founding_token
from advocate_server.settings import SettingsBroken, read_settings
from tests.server.serving import PROGRAM, Server


@pytest.fixture
def place(tmp_path: Path) -> Server:
    """A server that is not made yet."""
    data = tmp_path / "server"
    return Server(data=data)


def test_init_makes_a_private_folder_and_may_be_repeated(place: Server) -> None:
    place.init().init()
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.data / "advocate.db").stat().st_mode) == 0o600
    assert place.run("db", "current").stdout.startswith("0001 ")
    assert place.run("db", "upgrade").returncode == 0
    assert place.run("doctor").returncode == 0


def test_agency_prints_a_founding_token_and_nothing_else(place: Server) -> None:
    place.init()
    done = place.run("agency", "--name", "North team")
    assert len(read_founding_token(done.stdout).log_public) == 32
    assert done.stdout.count("\n") == 1
    assert "7 days" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["agency", "--name", ""], 1),
        (["agency", "--name", "x\ny"], 1),
        (["agency"], 2),
        (["nonsense"], 2),
        ([], 2),
        (["run", "--port", "x"], 2),
        (["run", "--port", "70000"], 2),
        (["run", "--host", "0.0.0.0"], 1),
        (["run", "--tls-cert", "x"], 2),
        (["run", "--config", "/nonexistent"], 2),
        (["doctor", "--database", "mysql://x"], 75),
        (["doctor", "--database", "postgresql+psycopg://x@127.0.0.1:1/x"], 75),
        (["--help"], 0),
        (["run", "--help"], 0),
        (["--version"], 0),
    ],
)
def test_exit_codes_and_words(place: Server, arguments: list[str], code: int) -> None:
    place.init()
    done = place.run(*arguments)
    assert done.returncode == code, done.stderr
    assert (done.stdout if code == 0 else done.stderr).strip()
    assert "Traceback" not in done.stderr


def test_commands_without_a_database_say_what_to_do(place: Server) -> None:
    place.data.mkdir()
    for command in (["doctor"], ["run"], ["agency", "--name", "x"], ["db", "current"]):
        done = place.run(*command)
        assert done.returncode == 1
        assert "init" in done.stderr


def test_a_taken_port_is_tried_again_later(place: Server) -> None:
    place.init()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = place.run("run", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 75
    assert "Traceback" not in done.stderr


def test_a_database_of_a_newer_program_is_left_alone(place: Server) -> None:
    from sqlalchemy import text

    from advocate_server.store.engine import open_engines, sqlite_address

    place.init()
    engines = open_engines(sqlite_address(place.data / "advocate.db"))
    with engines.write.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engines.close()
    for command in (["run"], ["db", "upgrade"], ["agency", "--name", "x"]):
        done = place.run(*command)
        assert done.returncode == 1
        assert "newer" in done.stderr


def test_unknown_settings_are_an_error_wherever_they_stand(place: Server) -> None:
    place.init()
    place.settings["colour"] = "blue"
    assert (place.run("doctor").returncode, "colour" in place.run("doctor").stderr) == (2, True)
    del place.settings["colour"]
    file = place.data / "server.toml"
    file.write_text(file.read_text() + 'shape = "round"\n')
    assert (place.run("doctor").returncode, "shape" in place.run("doctor").stderr) == (2, True)


def test_flags_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text('port = 1\nhost = "127.0.0.2"\nhost_names = ["a", "b"]\nsession_seconds = 5\n')
    secret = tmp_path / "secret"
    secret.write_text("sqlite:////x\n")
    environment = {
        "ADVOCATE_SERVER_PORT": "2",
        "ADVOCATE_SERVER_HOST": "127.0.0.3",
        "ADVOCATE_SERVER_DATABASE_FILE": str(secret),
        "ADVOCATE_SERVER_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2",
        "ADVOCATE_SERVER_PORT_FILE": "/p",
        "HOME": "/",
    }
    read = read_settings(flags={"port": 3, "data": None}, environment=environment, config=file)
    assert (read.port, read.host, read.host_names, read.session_seconds) == (3, "127.0.0.3", ("a", "b"), 5)
    assert (read.database, read.trusted_proxies) == ("sqlite:////x", ("10.0.0.1", "10.0.0.2"))
    assert read.port_file == "/p"


@pytest.mark.parametrize(
    "text", ["port = 'x'", "port = -1", "port = true", "host = 1", "host_names = 'a'", "port = ", "log_format = 'xml'"]
)
def test_settings_of_a_wrong_kind_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "server.toml"
    file.write_text(text)
    with pytest.raises(SettingsBroken):
        read_settings(flags={}, environment={}, config=file)


def test_a_password_is_not_written_into_the_settings_file(place: Server) -> None:
    done = place.run("init", "--database", "postgresql+psycopg://me:geheim@127.0.0.1:1/x?connect_timeout=1")
    assert done.returncode == 75
    assert "geheim" not in done.stderr
    written = (place.data / "server.toml").read_text()
    assert "geheim" not in written
    assert "postgresql+psycopg://me@127.0.0.1:1/x" in written


def test_run_says_where_it_listens_and_ends_well_on_sigterm_and_sigint(place: Server) -> None:
    place.init()
    for number in (signal.SIGTERM, signal.SIGINT):
        place.start()
        assert (place.data / "port").read_text() == f"{place.port}\n"
        assert requests.get(f"http://{place.host}/healthz", timeout=30).status_code == 200
        assert place.process is not None
        os.kill(place.process.pid, number)
        assert place._ended() == 0


def test_plain_words_instead_of_json(place: Server) -> None:
    place.settings["log_format"] = "plain"
    place.init().start()
    requests.get(f"http://{place.host}/v1/meta", timeout=30)
    place.stop()
    assert re.search(r" info request route=meta status=200 ", (place.data / "log").read_text())


def test_tls_is_spoken_with_a_certificate(place: Server, tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    place.settings.update(tls_cert=str(certificate), tls_key=str(key))
    place.init().start()
    reply = requests.get(f"https://localhost:{place.port}/healthz", verify=str(certificate), timeout=30)
    assert reply.json() == {"status": "ok"}
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://localhost:{place.port}/healthz", timeout=30)
    place.stop()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost of this test's own."""
    from datetime import UTC, datetime, timedelta

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(encoded)
    return folder / "cert.pem", folder / "key.pem"


def test_the_program_starts_without_the_clients_rooms(tmp_path: Path) -> None:
    script = (
        "import sys, json, advocate_server.main\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.startswith('advocate_app.'))))"
    )
    done = subprocess.run([PROGRAM[0], "-c", script], capture_output=True, text=True, check=True, cwd=Path.cwd())
    allowed = ("advocate_app.base", "advocate_app.wire", "advocate_app.crypto")
    loaded = json.loads(done.stdout)
    assert [name for name in loaded if not name.startswith(allowed)] == []
    assert [name for name in loaded if name.startswith("advocate_app.crypto.")] == ["advocate_app.crypto.signing"]
