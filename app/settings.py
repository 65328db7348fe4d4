"""What the environment may change, typed. Every name begins with ``SANZHANG_``; the README's table is tested against this."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
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
    smtp_host: str = Field("", description=Word("Mail server for reminders; empty: none are sent by e-mail"))
    smtp_port: int = Field(587, description=Word("Port of the mail server"))
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description=Word("`starttls`, `tls` or `none`: how the mail server is spoken to")
    )
    smtp_user: str = Field("", description=Word("Name at the mail server; empty: it asks for none"))
    smtp_password: SecretStr = Field(SecretStr(""), description=Word("Password at the mail server"))
    smtp_from: str = Field("", description=Word("Sender of reminders; empty: the name at the mail server"))
    webhook_urls: str = Field(
        "",
        description=Word(
            "Group robots (DingTalk, WeCom and alike) that get reminders, divided by blanks; `CODE=address` for one zone's"
        ),
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), description=Word("Secret with which the robots' calls are signed, as DingTalk does")
    )
    log_level: str = Field("info", description=Word("`debug`, `info`, `warning` or `error`"))

    @field_validator("webhook_urls")
    @classmethod
    def _addresses(cls, sent: str) -> str:
        for part in sent.split():
            if not re.fullmatch(r"(?:[A-Za-z0-9-]{2,40}=)?https?://[^/\s@]+(?:/\S*)?", part):
                raise ValueError("each is http://… or https://…, or CODE=https://… for one zone's")
        return sent

    @property
    def webhooks(self) -> tuple[tuple[str | None, str], ...]:
        """Zone code (None: every zone) and address of each robot."""
        found = (re.fullmatch(r"(?:([A-Za-z0-9-]{2,40})=)?(https?://.+)", part) for part in self.webhook_urls.split())
        return tuple((match[1], match[2]) for match in found if match)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
