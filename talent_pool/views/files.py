"""Sends a CV or a workbook: always as a file to keep, never shown by the browser, kept by no cache."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(data: bytes, name: str) -> Response:
    """A PDF as an attachment that no page of ours can be made to run."""
    return Response(
        data,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


def workbook(data: bytes, name: str) -> Response:
    """A workbook as an attachment; `name` is of our own making."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, mimetype=XLSX, headers=headers)
