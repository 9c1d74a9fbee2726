"""Refusals as data: a stable code, plain words and the place. Pure: imports neither Django nor DRF.

How a refusal reaches a caller over HTTP is `itinera.kit.problem_json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `code` is stable and meant for programs; `detail` is plain words in the caller's language (the
    result of `gettext`, never a lazy string); `path` is where in the input (`nodes[3].config.event`),
    `node` the id of a canvas node.
    """

    code: str
    detail: str
    path: str | None = None
    node: str | None = None
    severity: Severity = "error"

    def as_dict(self) -> dict[str, str]:
        """The keys that are known, in a fixed order; what is None is left out."""
        found = {
            "code": self.code,
            "detail": str(self.detail),
            "path": self.path,
            "node": self.node,
            "severity": self.severity,
        }
        return {key: value for key, value in found.items() if value is not None}


class Refusal(Exception):  # a refusal is an answer, not an error
    """The request is understood and not done; nothing has been changed.

    `status` is the HTTP status: 400 wrong input, 403 not allowed, 404 no such thing, 409 the state
    does not permit it, 412 changed meanwhile, 413 too large.
    """

    def __init__(self, problems: Problem | Iterable[Problem], status: int = 400) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        if not found:
            raise ValueError("a refusal names at least one problem")
        self.problems: tuple[Problem, ...] = found
        self.status = status
        super().__init__("; ".join(f"{p.code}: {p.detail}" for p in found))

    @classmethod
    def because(
        cls, code: str, detail: str, *, path: str | None = None, node: str | None = None, status: int = 400
    ) -> Self:
        """A refusal for one reason: `raise Refusal.because("paused", _("…"), status=409)`."""
        return cls(Problem(code, detail, path, node), status)

    def __reduce__(self) -> tuple[type[Refusal], tuple[tuple[Problem, ...], int]]:
        """Refusals cross process borders (Celery, multiprocessing) unharmed."""
        return (type(self), (self.problems, self.status))
