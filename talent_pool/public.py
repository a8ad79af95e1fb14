"""What other features may use of the talent pool: its own services, for the person who acts, and counts."""

from __future__ import annotations

from talent_pool.consent import TEXT_VERSION, find_employer
from talent_pool.employer_news import EmployerNews, news_of
from talent_pool.queries import (
    coming_employers,
    count_open_requests,
    count_visible_cards,
    count_waiting_employers,
)
from talent_pool.services.choices import Choices
from talent_pool.services.contacts import answer_contact, ask_contact
from talent_pool.services.employers import (
    apply_employer,
    approve_employer,
    decide_employer,
    find_employer_of,
)
from talent_pool.services.exposure import count_shown
from talent_pool.services.lists import add_list, put_on_list
from talent_pool.services.membership import join_pool, leave_pool
from talent_pool.services.profiles import refresh_results, save_profile

__all__ = [
    "TEXT_VERSION",
    "Choices",
    "EmployerNews",
    "add_list",
    "answer_contact",
    "apply_employer",
    "approve_employer",
    "ask_contact",
    "coming_employers",
    "count_open_requests",
    "count_shown",
    "count_visible_cards",
    "count_waiting_employers",
    "decide_employer",
    "find_employer",
    "find_employer_of",
    "join_pool",
    "leave_pool",
    "news_of",
    "put_on_list",
    "refresh_results",
    "save_profile",
]
