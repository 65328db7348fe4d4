"""What is this file really? Its first bytes are asked, not its name: a web page saved as .xls is no workbook."""

from __future__ import annotations

import re
from typing import Literal

from app.errors import Invalid

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
TEXT_NAMES = (".csv", ".txt", ".tsv")
_WEB = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html|<table|<head|<body|<meta|<div|mime-version:)", re.IGNORECASE
)
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml", re.IGNORECASE)

NOT_A_WORKBOOK = "The file is not a workbook; save it as .xlsx"


def sniff(data: bytes, filename: str) -> Literal["zip", "ole", "text"]:
    """The family of ``data``; Invalid for web pages, encrypted files and what is no table at all."""
    if not data.strip():
        raise Invalid("The file is empty", code="empty")
    head = data[:4096]
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Invalid("The file is protected by a password; save it without one", code="password")
        return "ole"
    if _WEB.match(head) or (_XML.match(head) and (b"<html" in head.lower() or b"spreadsheet" in head.lower())):
        raise Invalid("The file is a web page named like a workbook; open it and save it as .xlsx", code="web_page")
    if not filename.lower().endswith(TEXT_NAMES) or _XML.match(head):
        raise Invalid(NOT_A_WORKBOOK, code="not_a_workbook")
    return "text"
