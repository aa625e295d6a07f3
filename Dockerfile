# The service as one image: `serve` by default, `migrate` when told (docker run … migrate). Configured by environment
# variables only; .env.example lists them all.

FROM python:3.11-slim-bookworm AS builder

# uv takes the interpreter of the image, and copies out of its cache because the cache is on another file system.
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/venv

RUN pip install --no-cache-dir uv==0.13.9

WORKDIR /build

# The dependencies are a layer of their own, so that a change in app/ does not fetch them again.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-editable --no-install-project --extra tracing

# The rules of the ranking are compiled here, with Zig out of PyPI: this image has the headers of Python and no compiler.
COPY scripts/compile_rules.py scripts/
COPY app/ app/
RUN uv sync --locked --no-dev --no-editable --extra tracing


FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="beschikbaarheidswijzer" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.source="https://github.com/beschikbaarheidswijzer/beschikbaarheidswijzer"

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

COPY --from=builder /opt/venv /opt/venv

# `wijzer migrate` and the readiness check look for alembic.ini in the working directory.
WORKDIR /srv/wijzer
COPY LICENSE alembic.ini ./
COPY migrations/ migrations/

# A number, so that an orchestrator can see that it is not root; nothing in the image belongs to it.
USER 10001:10001

EXPOSE 8000

# SIGTERM lets running requests finish; liveness, not readiness: a restart does not mend a database that is away.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/v1/health/live', timeout=2)"]

ENTRYPOINT ["wijzer"]
CMD ["serve", "--host", "0.0.0.0"]
