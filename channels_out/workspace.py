"""The sections of a workspace file that belong to sending: templates, accounts, caps and quiet hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from audiences.workspace_loaders import LOADERS, Loaded, Loader, Occasion, load_each
from channels_out import actions
from channels_out.documents import AccountDocument, CapDocument, Document, QuietHoursDocument, TemplateDocument
from itinera.kit.audit import Actor
from itinera.kit.errors import Refusal
from itinera.kit.validation import problems_of

D = TypeVar("D", bound=Document)


def register() -> None:
    """Make the loaders known; called once at start."""
    LOADERS.register("templates", _loader(TemplateDocument, actions.save_template))
    LOADERS.register("accounts", _loader(AccountDocument, actions.save_account))
    LOADERS.register("caps", _loader(CapDocument, actions.save_cap))
    LOADERS.register("quiet_hours", _loader(QuietHoursDocument, actions.save_quiet_hours))


def _loader(model: type[D], save: Callable[[Actor, D], object]) -> Loader:
    """Each entry is checked by its model and saved by its action; a wrong one does not stop the others."""

    def load(section: object, occasion: Occasion) -> Loaded:
        def keep(entry: object) -> None:
            try:
                document = model.model_validate(entry)
            except ValidationError as bad:
                raise Refusal(problems_of(bad)) from None
            save(occasion.actor, document)

        return load_each(section, keep)

    return load
