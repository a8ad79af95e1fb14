"""Browsers in two words."""

from __future__ import annotations

import pytest

from accounts.devices import device_name

CHROME = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
)
WECHAT = "Mozilla/5.0 (Linux; Android 13; M2102) AppleWebKit/537.36 Chrome/107.0 Safari/537.36 MicroMessenger/8.0.47"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome · Android"),
        (IPHONE, "Safari · iPhone"),
        (WECHAT, "WeChat · Android"),
        (EDGE, "Edge · Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
