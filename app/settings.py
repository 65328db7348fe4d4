"""What the environment may change, typed. Every name begins with ``SANZHANG_``; the README's table is tested against this."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.words import Word


class Settings(BaseSettings):
    """One field, one environment variable: ``database_url`` is ``SANZHANG_DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix="SANZHANG_", extra="ignore")

    database_url: str = Field("sqlite:///var/sanzhang.db", description=Word("SQLite file or `postgresql://…`"))
    secret_file: Path = Field(
        Path("var/secret"), description=Word("File with the secret that signs links; made at the first start")
    )
    files_dir: Path = Field(
        Path("var/files"), description=Word("Folder for evidence and imported workbooks, kept by digest")
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description=Word("Address that users type; decides on secure cookies and links")
    )
    locale: str = Field("zh_CN", description=Word("Language when the reader has chosen none: `zh_CN` or `en`"))
    timezone: str = Field("Asia/Shanghai", description=Word("Where a day begins and ends"))
    cache: str = Field("on", description=Word("`off` takes the cache of finished answers out"))
    cache_bytes: int = Field(
        32 * 1024 * 1024, description=Word("Most memory for finished answers, per process, in bytes")
    )
    session_hours: int = Field(12, description=Word("Hours without a click after which a session ends"))
    max_upload_mb: int = Field(20, description=Word("Largest file that is taken, in MiB"))
    log_level: str = Field("info", description=Word("`debug`, `info`, `warning` or `error`"))

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
