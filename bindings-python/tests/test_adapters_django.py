"""Django under its own server, under gunicorn, and asynchronously under uvicorn."""

from __future__ import annotations

from adapter_checks import FORM_BODY, AdapterChecks
from serving import Server
from signing import FORM, headers
from test_adapters_flask import GUNICORN


class DjangoChecks(AdapterChecks):
    """What Django does beyond all adapters."""

    def test_the_form_that_django_parses_is_the_verified_one(self, server: Server) -> None:
        reply = server.send("/own/x", FORM_BODY, headers(FORM_BODY, content_type=FORM))
        assert reply.status == 202
        assert b'"post": {"SimSid": "HS01", "SimStatus": "active"}' in reply.body

    def test_a_body_that_was_kept_is_as_good(self, server: Server) -> None:
        assert server.send("/kept/", b" {}", headers(b"{}")).status == 204
        assert server.send("/parsed/", FORM_BODY, headers(FORM_BODY, content_type=FORM)).status == 204


class TestDjangoUnderItsOwnServer(DjangoChecks):
    command = ["-m", "apps.django_app", "runserver", "--noreload", "127.0.0.1:{port}"]
    chunked = False  # wsgiref knows no chunked requests


class TestDjangoUnderGunicorn(DjangoChecks):
    command = [*GUNICORN, "apps.django_app:wsgi"]


class TestAsyncDjangoUnderUvicorn(DjangoChecks):
    command = ["-m", "uvicorn", "--port", "{port}", "apps.django_app:asgi"]
    prefix = "/async"
    early = False  # Django reads the body before it calls the view
