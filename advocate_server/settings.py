"""What an administrator can set: declared once, read from flags, environment, file and defaults, in this order."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from advocate_app.base.errors import Fault
from advocate_server.rates import Rate
from advocate_server.store.engine import sqlite_address

ENVIRONMENT: Final = "ADVOCATE_SERVER_"
FILE_NAME: Final = "server.toml"
DATABASE_NAME: Final = "advocate.db"
_FROM_FILE: Final = "_FILE"


class SettingsBroken(Fault):
    """A setting that is unknown, of a wrong kind, or does not go with another."""

    code = "server.settings"


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, its default and its meaning."""

    data: str = _setting("", "folder of the embedded database and of server.toml")
    database: str = _setting("", "database address; empty for the embedded one in the data folder")
    host: str = _setting("127.0.0.1", "address to listen on; plain HTTP on loopback only")
    port: int = _setting(8320, "port to listen on; 0 for any free one")
    port_file: str = _setting("", "file that the port is written to once the server listens")
    host_names: tuple[str, ...] = _setting((), "names under which laptops know this server, with a port if unusual")
    tls_cert: str = _setting("", "certificate chain, PEM")
    tls_key: str = _setting("", "private key of the certificate, PEM")
    trusted_proxies: tuple[str, ...] = _setting((), "addresses whose X-Forwarded-For is believed")
    agency_bytes: int = _setting(20 * 2**30, "most bytes of envelopes and boxes that one agency may store")
    shelf_bytes: int = _setting(256 * 2**20, "most bytes on one agency's late shelf")
    device_per_second: int = _setting(100, "requests a second that one device may make for ever")
    device_burst: int = _setting(400, "requests that one device may make at once")
    address_per_second: int = _setting(200, "requests a second that one address may make for ever")
    address_burst: int = _setting(2000, "requests that one address may make at once")
    door_per_second: int = _setting(10, "requests a second without a session that one address may make for ever")
    door_burst: int = _setting(200, "requests without a session that one address may make at once")
    mailbox_per_second: int = _setting(2, "requests a second that may concern one mailbox for ever")
    mailbox_burst: int = _setting(60, "requests that may concern one mailbox at once")
    session_seconds: int = _setting(900, "how long a session lasts")
    nonce_seconds: int = _setting(60, "how long a challenge can be answered")
    body_seconds: int = _setting(30, "how long the server waits for the next piece of a message")
    log_format: str = _setting("json", "json or plain")

    @property
    def address(self) -> str:
        """The database's address. Raises `SettingsBroken`."""
        if self.database:
            return self.database
        if not self.data:
            raise SettingsBroken("say where the data folder is (--data), or give a database address (--database)")
        return sqlite_address(Path(self.data) / DATABASE_NAME)

    @property
    def device_rate(self) -> Rate:
        """What one device may ask."""
        return Rate(per_second=self.device_per_second, burst=self.device_burst)

    @property
    def address_rate(self) -> Rate:
        """What one network address may ask."""
        return Rate(per_second=self.address_per_second, burst=self.address_burst)

    @property
    def door_rate(self) -> Rate:
        """What one network address may ask without a session."""
        return Rate(per_second=self.door_per_second, burst=self.door_burst)

    @property
    def mailbox_rate(self) -> Rate:
        """What may concern one mailbox."""
        return Rate(per_second=self.mailbox_per_second, burst=self.mailbox_burst)


FIELDS: Final = {each.name: each for each in dataclasses.fields(Settings)}


def read_settings(*, flags: Mapping[str, Any], environment: Mapping[str, str], config: Path | None) -> Settings:
    """The settings in force. `flags` holds what was given on the command line. Raises `SettingsBroken`."""
    given = {**_from_environment(environment), **{name: value for name, value in flags.items() if value is not None}}
    file = config
    if file is None and given.get("data"):
        beside = Path(given["data"]) / FILE_NAME
        file = beside if beside.is_file() else None
    found = {**(_from_file(file) if file else {}), **given}
    settings = Settings(**found)
    _check(settings)
    return settings


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsBroken("the settings file cannot be read", why=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsBroken("the settings file is not TOML") from error
    return {name: _typed(name, value) for name, value in table.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT):
            continue
        name = variable.removeprefix(ENVIRONMENT)
        if name.endswith(_FROM_FILE) and name.lower() not in FIELDS:
            name, text = name.removesuffix(_FROM_FILE), _secret(Path(text))
        found[name.lower()] = _parsed(name.lower(), text)
    return found


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsBroken("a file that the environment names cannot be read") from error


def _parsed(name: str, text: str) -> Any:
    """A setting from text."""
    kind = type(_default(name))
    if kind is int and text.isascii() and text.isdigit():
        return int(text)
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return _typed(name, text)


def _typed(name: str, value: Any) -> Any:
    """A setting of its kind. Raises `SettingsBroken`."""
    kind = type(_default(name))
    if kind is tuple and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    if type(value) is not kind or (kind is int and value < 0):
        raise SettingsBroken("a setting is of a wrong kind", setting=name, wanted=_KINDS[kind])
    return value


_KINDS: Final = {int: "a whole number", str: "text", tuple: "a list of texts"}


def _default(name: str) -> Any:
    if name not in FIELDS:
        raise SettingsBroken("there is no such setting", setting=name)
    return FIELDS[name].default


def _check(settings: Settings) -> None:
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise SettingsBroken("a certificate and its key go together (tls_cert, tls_key)")
    if settings.log_format not in ("json", "plain"):
        raise SettingsBroken("log_format is json or plain")
    if settings.port > 65_535:
        raise SettingsBroken("there is no such port", port=settings.port)
    rates = (settings.device_rate, settings.address_rate, settings.door_rate, settings.mailbox_rate)
    if any(rate.per_second < 1 or rate.burst < 1 for rate in rates):
        raise SettingsBroken("a rate and its burst are at least 1")
