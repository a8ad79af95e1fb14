"""Text that people write with a little markup, as safe HTML: CommonMark with tables, no HTML of their own.

The parser leaves raw HTML out, and a cleaner behind it lets only these tags and attributes through.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup

MOST_CHARACTERS = 60_000
TEXT_TAGS = ("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a")
BLOCK_TAGS = ("h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
HEADING = re.compile(r"(</?h)([1-6])")


@lru_cache(maxsize=256)
def safe_html(text: str) -> Markup:
    """`text` as HTML whose highest heading is of the second level; links lead outside and tell them nothing."""
    import nh3
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    parser.disable(["image", "html_block", "html_inline"])
    html = parser.render(text[:MOST_CHARACTERS])
    shift = 2 - min((int(level) for _tag, level in HEADING.findall(html)), default=2)
    html = HEADING.sub(lambda found: f"{found[1]}{min(6, int(found[2]) + shift)}", html)
    clean = nh3.clean(
        html,
        tags={*TEXT_TAGS, *BLOCK_TAGS},
        attributes={"a": {"href"}, "td": {"align"}, "th": {"align"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - cleaned in the line above
