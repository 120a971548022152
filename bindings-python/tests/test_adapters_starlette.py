"""FastAPI's dependency and the ASGI middleware, under uvicorn."""

from __future__ import annotations

from adapter_checks import AdapterChecks
from serving import Server
from signing import event, headers

UVICORN = ["-m", "uvicorn", "--port", "{port}"]


class TestFastApiUnderUvicorn(AdapterChecks):
    command = [*UVICORN, "apps.fastapi_app:app"]

    def test_a_body_that_was_kept_is_as_good(self, server: Server) -> None:
        assert server.send("/kept/", b" {}", headers(b"{}")).status == 204


class TestMiddlewareUnderUvicorn(AdapterChecks):
    command = [*UVICORN, "apps.starlette_app:app"]

    def test_a_path_that_was_forgotten_is_not_handled(self, server: Server) -> None:
        assert self.post(server, "/forgotten/", event("forgotten")).status == 500
        assert self.handled(server, "forgotten") == 0
        assert "add its path to the webhooks" in server.output()


class TestMiddlewareUnderAPrefix(TestMiddlewareUnderUvicorn):
    """The prefix that a proxy has cut off, which uvicorn puts before the path again."""

    command = [*UVICORN, "--root-path", "/api", "apps.starlette_app:app"]
