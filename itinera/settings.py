"""Settings of Itinera, driven by the environment (see `itinera.env`): values only, no logic.

Chinese first, safe by default. What a production site sets: DATABASE_URL, BROKER_URL, SECRET_KEY, FERNET_KEYS,
ALLOWED_HOSTS, TRUSTED_ORIGINS and TLS=1.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from itinera import env
from itinera.local.home import home

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = home()

# --- secrets -------------------------------------------------------------------------------------------------------
SECRET_KEY = env.required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FERNET_KEYS = env.words("FERNET_KEYS")

# --- who may ask, and how ------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
TLS = env.flag("TLS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("TRUSTED_ORIGINS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
# Internal hosts that accounts and webhooks may name although they are private: exact, as host or host:port.
OUTBOUND_ALLOWED_HOSTS = env.words("OUTBOUND_ALLOWED_HOSTS")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Scripts only from our own files or with the page's nonce. Styles may be inline: the component library and the canvas
# place nodes by style attributes, and a style cannot read or send anything under the other rules.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- parts ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "itinera.access.apps.WorkplaceConfig",  # Django's admin, with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_celery_beat",
    "channels",
    "django_vite",
    "axes",
    "csp",
    "itinera",
    "itinera.kit",
    "itinera.access",
    "audiences",
    "channels_out",
    "abtest",
    "journeys",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "itinera.kit.problem_json.ProblemMiddleware",
]
ROOT_URLCONF = "itinera.urls"
ASGI_APPLICATION = "itinera.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database and broker -------------------------------------------------------------------------------------------
# Kept connections suit workers, which `up` starts with DATABASE_KEEP=60; under ASGI a thread's connection would linger.
DATABASES = {
    "default": {
        **env.database("DATABASE_URL", "postgres://itinera@127.0.0.1:5432/itinera"),
        "CONN_MAX_AGE": env.integer("DATABASE_KEEP", 0),
        "CONN_HEALTH_CHECKS": True,
    }
}
BROKER_URL = env.broker("BROKER_URL", "redis://127.0.0.1:6379/0")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [env.broker("BROKER_URL", "redis://127.0.0.1:6379/0", use=1)], "prefix": "itinera"},
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.broker("BROKER_URL", "redis://127.0.0.1:6379/0", use=2),
        "KEY_PREFIX": "itinera",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
}

# --- Celery: tasks are hints that expire, never state --------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever; its supervisor watches the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5.0,  # above the one second that a worker's blocking read takes
    # Who publishes with the broker down gives up at once: the next tick finds the work.
    "max_retries": 0,
    "interval_start": 0,
    "connect_retries_timeout": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "long"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_DB_REUSE_MAX = 10_000  # tasks look after broken connections themselves: itinera.celery.Hint
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_BEAT_SYNC_EVERY = 10  # ticks until beat writes down when it last ran, which is what health reads

# --- log-in --------------------------------------------------------------------------------------------------------
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "itinera.kit.problem_json.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "password"]
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "itinera.access.login.locked_out"

# --- API -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "itinera.access.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["itinera.access.permissions.DenyByDefault"],
    "DEFAULT_THROTTLE_CLASSES": ["itinera.access.throttling.RateLimit"],
    "NUM_PROXIES": 0,  # callers are counted by the address the server reports, never by a header of their own
    "EXCEPTION_HANDLER": "itinera.kit.problem_json.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["itinera.kit.parsers.StrictJSONParser"],
    "PAGE_SIZE": 100,
}
API_RATES = {"token": 6_000, "user": 600, "nobody": 60}  # calls a minute
SPECTACULAR_SETTINGS = {"TITLE": "Itinera", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

# --- languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# Before the catalogues of the libraries: their words in our vocabulary (用户 is a customer, an account is 账号).
LOCALE_PATHS = [BASE_DIR / "itinera" / "access" / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "static_build"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "itinera.assets.HashedFiles"},
}
WHITENOISE_MANIFEST_STRICT = False
# Addresses that always give the same bytes: hashed by the canvas build, or when collected (itinera.assets).
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$|\.[0-9a-f]{12}\.[a-z0-9]+$"
MEDIA_ROOT = HOME / "media"
DJANGO_VITE = {
    "default": {
        "dev_mode": env.flag("VITE_DEV"),
        "static_url_prefix": "canvas",
        "manifest_path": BASE_DIR / "static_build" / "canvas" / "manifest.json",
    }
}

# --- logs: one JSON object a line, without personal data -----------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "itinera.logs.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # A line for every task and request every second would bury the rest; addresses may hold what logs must not.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "py.warnings": {"level": "ERROR"},
        "uvicorn.access": {"level": "WARNING"},
        "uvicorn.error": {"level": "INFO"},
        "aiosmtpd": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
    },
}
