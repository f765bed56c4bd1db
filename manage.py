#!/usr/bin/env python
"""Django's command line, with the demo's settings unless told otherwise."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(sys.argv)
    except ModuleNotFoundError as error:
        raise SystemExit(f"Python module missing: {error.name}. Run: make install") from None


if __name__ == "__main__":
    main()
