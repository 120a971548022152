"""The one error of the package."""

from __future__ import annotations


class VerificationError(Exception):
    """Something was refused: a message, a signature, or the configuration.

    It holds no byte of the message, no secret and no expected signature, so it may be logged. Never send it back: to the sender of a
    delivery every refusal is one opaque 401.
    """

    code: str
    """The stable name of the reason, such as ``signature-mismatch``; the same in every language."""
    number: int
    """The stable number of the reason."""
    hint: str
    """A sentence that says what to do."""
    detail: str | None
    """The finer code, such as ``bad-number``, where there is one."""
    offset: int | None
    """The offset in bytes, from 0, of the byte that decided, where there is one."""

    def __init__(
        self, code: str, number: int, hint: str, detail: str | None = None, offset: int | None = None
    ) -> None:
        super().__init__(code, number, hint, detail, offset)
        self.code = code
        self.number = number
        self.hint = hint
        self.detail = detail
        self.offset = offset

    def __str__(self) -> str:
        at = "" if self.offset is None else f" at byte {self.offset}"
        finer = f" ({self.detail or ''}{at})".replace("( ", "(") if self.detail or at else ""
        return f"{self.code}: {self.hint}{finer}"
