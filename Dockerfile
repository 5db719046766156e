# One image, every program. What it starts is said by deploy/compose/compose.yml; nothing in it is a secret.
FROM python:3.12.12-slim-bookworm AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /opt/porchlight
COPY . .
# Both environments from their hashed lock files, the dialogue model, and bytecode: nothing can be written later.
RUN bash scripts/bootstrap.sh \
    && .venv/bin/python bot/training.py ensure \
    && .venv/bin/python -m compileall -q -j 0 app bot/actions bot/*.py connectors console hotline storage vault \
    && bot/engine/.venv/bin/python -m compileall -q -j 0 bot/engine \
    && rm -rf .uv tests benchmarks phone \
    && chmod -R go=u-w,go-w .

FROM python:3.12.12-slim-bookworm
RUN groupadd --gid 10001 porchlight \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin porchlight
COPY --from=build /opt/porchlight /opt/porchlight
# A new volume takes its owner from the folder that it is mounted on.
RUN install -d -m 0700 -o porchlight -g porchlight /data /spool
WORKDIR /opt/porchlight
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
# No program by default: a container that was told nothing starts nothing.
CMD ["/opt/porchlight/.venv/bin/python", "-c", "raise SystemExit('say which program: see deploy/compose/compose.yml')"]
