"""FastAPI with the dependency."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from apps import shared
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from korewebhook.starlette import BodyConsumedError, KoreWebhook, Received

app = FastAPI()

kore_ = KoreWebhook(shared.webhook, **shared.options())
plain_ = KoreWebhook(shared.webhook, **shared.options(guarded=False))
slow_ = KoreWebhook(shared.webhook, **shared.options())
raises_ = KoreWebhook(shared.webhook, **shared.options())
answers_ = KoreWebhook(shared.webhook, **shared.options())


@app.api_route("/kore/", methods=shared.METHODS, status_code=204)
async def kore(received: Annotated[Received, Depends(kore_, scope="function")]) -> None:
    shared.handle(received)


@app.post("/own/{name}", status_code=202)
async def own(request: Request, name: str, received: Annotated[Received, Depends(plain_)]) -> Any:
    body = (await request.body()).decode()
    return {"name": name, "body": body, "json": await request.json() if body.startswith("{") else None}


@app.post("/slow/", status_code=204)
async def slow(received: Annotated[Received, Depends(slow_, scope="function")]) -> None:
    shared.handle(received)
    while not shared.gate.is_set():
        await asyncio.sleep(0.01)


@app.post("/raises/", status_code=204)
def raises(received: Annotated[Received, Depends(raises_)]) -> None:
    if shared.fail_once(received):
        raise RuntimeError("not this time")


@app.post("/answers/")
async def answers(received: Annotated[Received, Depends(answers_, scope="function")]) -> None:
    if shared.fail_once(received):
        raise HTTPException(500)


async def read(request: Request) -> None:
    async for _ in request.stream():
        pass


async def keep(request: Request) -> None:
    await request.body()


@app.post("/consumed/", status_code=204, dependencies=[Depends(read), Depends(plain_)])
async def consumed() -> None: ...


@app.post("/kept/", status_code=204, dependencies=[Depends(keep), Depends(plain_)])
async def kept() -> None: ...


@app.exception_handler(BodyConsumedError)
async def consumed_error(request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse(str(error), status_code=500)


@app.get("/state")
async def state() -> JSONResponse:
    return JSONResponse(shared.state())


@app.get("/go")
async def go() -> str:
    shared.gate.set()
    return "gone"
