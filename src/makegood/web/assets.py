"""Style sheet and pictures, under names that change with their content, so kept for good."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

_FOLDER = Path(__file__).parent / "static"
WsgiApplication = Callable[..., Any]


def _address(path: Path) -> str:
    digest = sha256(path.read_bytes()).hexdigest()[:16]
    return f"/static/{path.stem}.{digest}{path.suffix}"


_ADDRESSES = {path.name: _address(path) for path in _FOLDER.iterdir()}


def address_of(name: str) -> str:
    """Where the file of this name is served."""
    return _ADDRESSES[name]


def with_assets(application: WsgiApplication) -> WsgiApplication:
    """The application with its files in front of it, served without Django."""
    served = WhiteNoise(
        application,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    for name, address in _ADDRESSES.items():
        served.add_file_to_dictionary(address, str(_FOLDER / name))
    answer: WsgiApplication = served
    return answer


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
