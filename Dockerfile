# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /app
RUN python -m venv .venv && python -m pip install --quiet 'uv==0.13.9'

COPY requirements.txt ./
RUN uv pip sync --python .venv/bin/python --require-hashes requirements.txt

COPY pyproject.toml ./
COPY src ./src
RUN uv pip install --python .venv/bin/python --no-deps --offline --editable .


FROM python:3.13-slim

RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin mediation \
    && install -d -o mediation -g mediation -m 0700 /var/lib/mediation
WORKDIR /app
COPY --from=build /app/.venv ./.venv
COPY src ./src
COPY migrations ./migrations
COPY openapi ./openapi

ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MEDIATION_HOST=0.0.0.0 \
    MEDIATION_PORT=8000 \
    MEDIATION_DATA=/var/lib/mediation
USER mediation
VOLUME /var/lib/mediation
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['MEDIATION_PORT'] + '/v1/health/live', timeout=2)"]

# Migrations are a step of their own, run by the owner of the tables: `mediation migrate`.
CMD ["mediation", "serve"]
