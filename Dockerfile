# The same checkout and the same hashed lock as `make run`; no compiler, no root, no internet once it is built.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/sanzhang/.venv/bin:$PATH

RUN useradd --create-home --uid 10001 sanzhang
WORKDIR /sanzhang

# First what rarely changes: a change of our code does not install everything again.
COPY requirements.lock ./
COPY tools/bootstrap.py tools/pip-*.whl tools/
RUN python tools/bootstrap.py && rm -rf /root/.cache

COPY . .
RUN mkdir var && chown sanzhang var

USER sanzhang
VOLUME /sanzhang/var
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# The schema is brought to head before anything is served; nobody but the administrator loads demo data here.
CMD ["sh", "-c", "sanzhang migrate && exec sanzhang serve --host 0.0.0.0 --port 8000"]
