# One image for every process: the web server (as it is), the worker, the scheduler and manage.py (docker-compose.yml).
FROM python:3.13-slim AS packages
COPY requirements.lock /
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --quiet --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary=:all: -r /requirements.lock

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 RAPPORT_VAR=/var/lib/rapport WEB_CONCURRENCY=2
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin rapport
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Static files belong to their image, not to the volume at /var/lib/rapport, which outlives it.
ENV STATIC_ROOT=/app/built/static
RUN RAPPORT_VAR=/tmp/build SECRET_KEY=unused python manage.py collectstatic --no-input --verbosity=0 \
    && rm -r /tmp/build \
    && install --directory --owner=rapport --group=rapport --mode=0750 /var/lib/rapport \
    && python -m compileall -q config notes contacts activity
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
# WEB_CONCURRENCY is the number of processes. Without an access log: the application logs its requests itself.
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--preload", "--worker-class=gthread", "--threads=8", \
     "--graceful-timeout=20", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
