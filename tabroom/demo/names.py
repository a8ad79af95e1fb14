"""Invented people: names in both scripts, always the same ones for the same seed."""

from __future__ import annotations

import random

FAMILY = (
    ("Wang", "王"), ("Li", "李"), ("Zhang", "张"), ("Liu", "刘"), ("Chen", "陈"), ("Yang", "杨"), ("Zhao", "赵"),
    ("Huang", "黄"), ("Zhou", "周"), ("Wu", "吴"), ("Xu", "徐"), ("Sun", "孙"), ("Hu", "胡"), ("Zhu", "朱"),
    ("Gao", "高"), ("Lin", "林"), ("He", "何"), ("Guo", "郭"), ("Ma", "马"), ("Luo", "罗"), ("Liang", "梁"),
    ("Song", "宋"), ("Zheng", "郑"), ("Xie", "谢"), ("Han", "韩"), ("Tang", "唐"), ("Feng", "冯"), ("Yu", "于"),
)  # fmt: skip
GIVEN = (
    ("Zihan", "子涵"), ("Yuxuan", "雨轩"), ("Siyu", "思雨"), ("Haoran", "浩然"), ("Jiayi", "佳怡"), ("Yichen", "奕辰"),
    ("Xinyi", "欣怡"), ("Ruoxi", "若曦"), ("Mingze", "明泽"), ("Kexin", "可欣"), ("Tianyu", "天宇"),
    ("Shiyao", "诗瑶"),
    ("Junjie", "俊杰"), ("Wenbo", "文博"), ("Yating", "雅婷"), ("Zimo", "子墨"), ("Linxi", "林夕"), ("Anqi", "安琪"),
    ("Boyu", "博宇"),
    ("Meilin", "美琳"), ("Jingyi", "静怡"), ("Chengyu", "承宇"), ("Qianwen", "倩文"), ("Ziyi", "子怡"),
)  # fmt: skip
LATIN_FIRST = (
    "Amelia", "Noah", "Priya", "Liam", "Sofia", "Ethan", "Hana", "Marcus", "Olivia", "Daniel", "Leila", "Tom",
    "Grace", "Mateo", "Ingrid", "Samuel", "Aisha", "Jack", "Nina", "Oscar", "Ruth", "Victor", "Maya", "Felix",
)  # fmt: skip
LATIN_LAST = (
    "Okafor", "Nguyen", "Campbell", "Rossi", "Patel", "Lindqvist", "Haddad", "Moreno", "Fischer", "Walker",
    "Tanaka", "Silva", "Novak", "Brennan", "Osei", "Kaur", "Dubois", "Hughes", "Petrov", "Mbeki",
)  # fmt: skip


def invent(dice: random.Random, country: str) -> tuple[str, str]:
    """A name as its bearer writes it in Latin letters, and in their own script where that differs."""
    if country == "CN":
        (family, family_local), (given, given_local) = dice.choice(FAMILY), dice.choice(GIVEN)
        return f"{family} {given}", family_local + given_local
    return f"{dice.choice(LATIN_FIRST)} {dice.choice(LATIN_LAST)}", ""
