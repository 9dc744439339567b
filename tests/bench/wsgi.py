"""The pages as they are served, at the beginning of the window."""

import time_machine
from django.core.wsgi import get_wsgi_application

from .instants import NOW

time_machine.travel(NOW, tick=True).start()
application = get_wsgi_application()
