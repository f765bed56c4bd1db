"""Reports of errors: where in the code, and nothing that was at hand there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.views.debug import ExceptionReporter

from conference.logs import redact


class SilentReporter(ExceptionReporter):
    """Without variables, settings and request. Only with DEBUG, on a developer's own machine, it tells all.

    Django hides what is named like a secret; a decrypted passcode in a template's context is not.
    """

    GONE = (
        "request", "request_meta", "user_str", "settings", "filtered_POST_items",
        "request_GET_items", "request_COOKIES_items", "request_FILES_items",
    )  # fmt: skip

    def get_traceback_frames(self) -> list[Any]:
        frames = super().get_traceback_frames()
        return frames if settings.DEBUG else [{**frame, "vars": []} for frame in frames]

    def get_traceback_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().get_traceback_data()
        if settings.DEBUG:
            return data
        said = redact(str(data.get("exception_value", "")))
        return {**data, **dict.fromkeys(self.GONE), "exception_value": said}
