"""The site as the browser tests start it: as it is, but serving its static files without collecting them first."""

from itinera.settings import *  # noqa: F403

WHITENOISE_USE_FINDERS = True
