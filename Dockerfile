# The application: web, worker and beat run from this one image (docker-compose.yml starts all three).

# --- dependencies: all wheels, each checked against its hash --------------------------------------------------------------
FROM python:3.11-slim-bookworm AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv --without-pip /venv
COPY requirements.lock /
RUN pip --python /venv/bin/python install --require-hashes --only-binary :all: --compile -r /requirements.lock

# --- the image -------------------------------------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm
# What WeasyPrint opens at run time (the same list as in bin/setup); brings fontconfig and one font.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /home/handschlag --uid 10001 handschlag
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PRODUCTION=1
COPY --from=dependencies /venv /venv
COPY . .
# Static files belong to the image; only uploads (var/media) live in a volume. The key is for this step alone.
RUN python -m compileall -q accounts billing config crm feedback portal \
    && SECRET_KEY=only-for-collecting-static-files ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput -v0 \
    && mkdir -p var/media \
    && chown -R handschlag:handschlag var
USER handschlag
EXPOSE 8000
# No access log: the addresses of customers' pages hold their keys.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--max-requests", "5000", "--max-requests-jitter", "500"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
