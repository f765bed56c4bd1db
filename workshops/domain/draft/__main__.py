"""The process that reads one draft: see `child`."""

import sys

from django.conf import settings

# Marking a message for translation asks the settings; the child has none, and translates nothing.
settings.configure(USE_I18N=False)

from workshops.domain.draft.child import answer  # noqa: E402

answer(sys.stdin.buffer, sys.stdout.buffer)
