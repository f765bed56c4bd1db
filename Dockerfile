FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps --no-input -r /requirements.txt

FROM python:3.11-slim-bookworm
# Pango draws the PDFs; backups are made and restored with the tools of PostgreSQL 15, the server's own version.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --shell /usr/sbin/nologin koprue \
 && install -d -o koprue -g koprue /data
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    DJANGO_SETTINGS_MODULE=conference.settings.production \
    DATA_DIR=/data
# Nothing can be written where the image runs; what is compiled now need not be compiled at each start.
RUN python -m compileall -q -j 0 /app
# The settings ask for every secret; collecting the static files needs none of them, so it gets words, not secrets.
RUN SECRET_KEY=build FIELD_KEYS=build DATABASE_URL=sqlite:// REDIS_URL=redis://none EMAIL_URL=smtp://none \
    ALLOWED_HOSTS=none BASE_URL=https://none \
    python manage.py collectstatic --no-input --verbosity 0
USER koprue
EXPOSE 8000
CMD ["gunicorn", "-c", "python:conference.gunicorn", "conference.wsgi"]
