"""The process that draws one drawing: see `child`."""

import sys

from django.conf import settings

# Marking a message for translation asks the settings; the child has none, and translates nothing.
settings.configure(USE_I18N=False)

from workshops.domain.reader_process import answer_parent  # noqa: E402
from workshops.domain.trial_drawing.child import draw  # noqa: E402

answer_parent(sys.stdin.buffer, sys.stdout.buffer, read=draw)
