"""Out of the house: e-mail by SMTP, and group robots by a POST of JSON. Nothing else of the program talks to other hosts.

The addresses come from the environment, set by whoever runs the program, and from nobody else; a robot inside the intranet
is as good as one outside. Redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import quote_plus

import httpx

from app.settings import Settings

SECONDS = 15


class NotSent(Exception):
    """It did not go out; trying again is safe."""


class Unsure(Exception):
    """Nobody knows whether it arrived; trying again might send it twice."""


def mail(settings: Settings, key: str, to: str, subject: str, body: str) -> None:
    """Hand one message to the mail server. Raises NotSent, or Unsure when the line broke while it was being handed over."""
    message = EmailMessage()
    message["From"] = settings.smtp_from or settings.smtp_user
    message["To"], message["Subject"], message["Date"] = to, subject, formatdate(localtime=True)
    digest = hashlib.sha256(key.encode()).hexdigest()[:24]
    message["Message-ID"] = make_msgid(digest, "sanzhang")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    handing = False
    try:
        with _server(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            handing = True
            server.send_message(message)
            handing = False
    except smtplib.SMTPServerDisconnected as error:
        raise (Unsure if handing else NotSent)(str(error)) from error
    except (smtplib.SMTPException, ValueError) as error:
        raise NotSent(f"{type(error).__name__}: {error}"[:300]) from error
    except OSError as error:
        raise (Unsure if handing else NotSent)(f"{type(error).__name__}: {error}"[:300]) from error


def _server(settings: Settings) -> smtplib.SMTP:
    at, safe = (settings.smtp_host, settings.smtp_port), ssl.create_default_context()
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*at, timeout=SECONDS, context=safe)
    server = smtplib.SMTP(*at, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=safe)
    return server


def robot(settings: Settings, address: str, text: str) -> None:
    """Let a group robot say this. Raises NotSent when it refuses, Unsure when it was heard and did not answer."""
    secret = settings.webhook_secret.get_secret_value()
    try:
        answer = httpx.post(
            signed(address, secret, time.time()), json={"msgtype": "text", "text": {"content": text}},
            timeout=SECONDS, follow_redirects=False,
        )  # fmt: skip
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise NotSent(type(error).__name__) from error
    except httpx.HTTPError as error:
        raise Unsure(type(error).__name__) from error
    if not answer.is_success:
        raise NotSent(f"HTTP {answer.status_code}")
    refused = _refused(answer)
    if refused:
        raise NotSent(refused)


def _refused(answer: httpx.Response) -> str:
    """The robots of DingTalk and WeCom answer 200 and say in the body that they refuse."""
    try:
        said = answer.json()
    except ValueError:
        return ""
    code = said.get("errcode", said.get("code", 0)) if isinstance(said, dict) else 0
    return f"{code}: {said.get('errmsg', said.get('msg', ''))}"[:300] if code else ""


def signed(address: str, secret: str, now: float) -> str:
    """The address with DingTalk's signature: time in milliseconds and HMAC-SHA256 over it, by the robot's secret."""
    if not secret:
        return address
    stamp = str(round(now * 1000))
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}timestamp={stamp}&sign={quote_plus(base64.b64encode(made))}"
