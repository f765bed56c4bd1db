import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
application = get_wsgi_application()

# Django can be imported from once it is set up.
from conference.preload import preload  # noqa: E402
from workshops.domain.drawing_process import DrawingProcess  # noqa: E402
from workshops.domain.printing import leave_drawing_to  # noqa: E402

leave_drawing_to(DrawingProcess().draw)
preload()
