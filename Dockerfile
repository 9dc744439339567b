# One image for web, worker, beat and the migration; docker-compose.yml names their commands.
FROM python:3.11-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /tmp/base.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=backend.settings VAR_DIR=/var/lib/mooring
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mooring \
    && install --directory --owner mooring /var/lib/mooring
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Hashed and compressed once here; nothing is connected to, the address only has to have the right form.
RUN DATABASE_URL=postgresql://build@127.0.0.1:1/build SECRET_KEY=build python manage.py collectstatic --noinput \
    && python -m compileall -q backend billing front scheduling
USER mooring
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "backend.wsgi:application"]
