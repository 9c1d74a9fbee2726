"""What people change about one profile by hand."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from itinera.kit.zones import is_zone


class ProfileChange(BaseModel):
    """What shall be different; a null takes an attribute or a tag away."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attributes: dict[str, Any] = {}
    tags: dict[str, Any] = {}
    zone: str | None = None
    kind: Literal["consumer", "staff", "merchant"] | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_zone(value):
            raise PydanticCustomError("unknown_zone", _("This is no time zone such as Asia/Shanghai."))
        return value
