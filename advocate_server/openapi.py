"""The OpenAPI 3.1 description, from the declared routes and the wire's own types."""

import sys
from typing import Any, Final

import msgspec

from advocate_app.wire.api import API_VERSION, MEDIA_TYPE, PROBLEM_TYPE
from advocate_server.problems import KINDS
from advocate_server.routes import ANYWHERE, NEEDED, NONE, ROUTES, Route

_REFERENCE: Final = "#/components/schemas/{name}"
_BYTES: Final = {"type": "string", "contentMediaType": "application/octet-stream"}
_ALIVE: Final[dict[str, tuple[str, tuple[int, ...]]]] = {
    "/healthz": ("The process answers.", (200,)),
    "/readyz": ("The database answers and has taken every step.", (200, 503)),
    "/openapi.json": ("This description.", (200,)),
}


def document() -> bytes:
    """The description, as JSON with sorted names and a line for each."""
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "Advocate server",
            "version": str(API_VERSION),
            "description": "Stores sealed bytes and says where they stand. Messages are msgpack maps; "
            "`contentMediaType: application/octet-stream` marks msgpack bin. See docs/spec/server.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.format(msgspec.json.encode(described, order="sorted"), indent=2) + b"\n"


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path.replace(":str}", "}"), {})[route.method.lower()] = _operation(route)
    for path, (summary, statuses) in _ALIVE.items():
        replies = {
            str(status): {"description": summary, "content": {"application/json": {"schema": {"type": "object"}}}}
            for status in statuses
        }
        paths[path] = {"get": {"operationId": path.strip("/"), "summary": summary, "responses": replies}}
    return paths


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": _responses(route),
    }
    if route.takes is not None:
        content = {MEDIA_TYPE: {"schema": _reference(route.takes)}}
        operation["requestBody"] = {
            "required": True,
            "description": f"At most {route.most} bytes.",
            "content": content,
        }
    if route.session != NONE:
        operation["security"] = [{"session": []}] if route.session == NEEDED else [{}, {"session": []}]
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    parts = [part.strip("{}").removesuffix(":str") for part in route.path.split("/") if part.startswith("{")]
    patterns = {"step": "^[123]$", "mailbox": "^([0-9a-f]{2}){16,32}$"}
    return [
        {
            "name": part,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": patterns.get(part, "^[0-9a-f]{32}$")},
        }
        for part in parts
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": query.name,
            "in": "query",
            "required": False,
            "description": query.meaning,
            "schema": {
                "type": "integer",
                "default": query.default,
                "minimum": query.least,
                "maximum": query.most,
            },
        }
        for query in route.query
    ]


def _responses(route: Route) -> dict[str, Any]:
    replies: dict[str, Any] = {
        "200": {"description": "Done.", "content": {MEDIA_TYPE: {"schema": _reference(route.gives)}}}
    }
    by_status: dict[int, list[str]] = {}
    for code in (*route.codes, *ANYWHERE):
        by_status.setdefault(KINDS[code].status, []).append(code)
    for status, codes in by_status.items():
        replies[str(status)] = {
            "description": " ".join(f"`{code}`: {KINDS[code].title}" for code in codes),
            "content": {PROBLEM_TYPE: {"schema": {"$ref": _REFERENCE.format(name="Problem")}}},
        }
    return replies


def _reference(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}


def _schemas() -> dict[str, Any]:
    kinds = [kind for route in ROUTES for kind in (route.takes, route.gives) if kind is not None]
    _, found = msgspec.json.schema_components(list(dict.fromkeys(kinds)), ref_template=_REFERENCE)
    schemas: dict[str, Any] = _in_msgpack(found)
    texts = ("type", "title", "code", "detail")
    schemas["Problem"] = {
        "title": "Problem",
        "description": "RFC 9457 problem details.",
        "type": "object",
        "properties": {**{name: {"type": "string"} for name in texts}, "status": {"type": "integer"}},
        "required": ["type", "title", "status", "code", "detail"],
    }
    return schemas


def _in_msgpack(schema: Any) -> Any:
    """A JSON schema with base64 texts turned back into the bytes they are in msgpack."""
    if isinstance(schema, list):
        return [_in_msgpack(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    turned = {name: _in_msgpack(value) for name, value in schema.items()}
    if turned.pop("contentEncoding", None) == "base64":
        turned.update(_BYTES)
    if turned.get("default") == "" and "contentMediaType" in turned:
        turned["default"] = ""
    return turned


if __name__ == "__main__":
    sys.stdout.buffer.write(document())
