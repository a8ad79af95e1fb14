"""Rubrics to begin with, in both languages: the usual one, one by the four sessions, a short one for a campus day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.localised import N_

Anchor = tuple[str, str, str]
ONE_TO_TEN = (Decimal(1), Decimal(10), Decimal(1))
ONE_TO_FIVE = (Decimal(1), Decimal(5), Decimal("0.5"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricTemplate:
    """A rubric to start from; `title` and `text` are source text, the criteria are values of `Criterion`."""

    code: str
    title: str
    text: str
    criteria: tuple[dict[str, Any], ...]


def _criterion(
    code: str,
    names: tuple[str, str],
    anchors: Sequence[Anchor],
    *,
    target: str = "team",
    scale: tuple[Decimal, Decimal, Decimal] = ONE_TO_TEN,
    weight: str = "1",
    session: str = "",
    may_be_unobserved: bool = False,
) -> dict[str, Any]:
    minimum, maximum, step = scale
    return {
        "code": code,
        "name": names[0],
        "name_zh": names[1],
        "target": target,
        "minimum": minimum,
        "maximum": maximum,
        "step": step,
        "weight": Decimal(weight),
        "session": session,
        "anchors": [{"mark": mark, "text": text, "text_zh": text_zh} for mark, text, text_zh in anchors],
        "may_be_unobserved": may_be_unobserved,
    }


USUAL = RubricTemplate(
    code="usual",
    title=N_("The usual rubric"),
    text=N_(
        "Five criteria for the team and one for each delegate, from 1 to 10, with what 1, 5, 9 and 10 mean."
    ),
    criteria=(
        _criterion(
            "interests",
            ("Interests and fidelity to the role", "利益把握与角色忠实"),
            [
                (
                    "1",
                    "Argues against its own brief, or never says what it needs.",
                    "与本方指示相悖，或始终未说明诉求。",
                ),
                ("5", "Keeps to its brief and names its main interests.", "遵守本方指示，说明主要利益。"),
                (
                    "9",
                    "Every move serves interests it has ranked, and it explains why.",
                    "每一步都服务于已排序的利益，并能说明理由。",
                ),
                ("10", "Also makes the others argue from its interests.", "并能使其他各方从其利益出发讨论。"),
            ],
        ),
        _criterion(
            "strategy",
            ("Strategy and adaptability", "策略与应变"),
            [
                (
                    "1",
                    "No plan to be seen, or holds on to one that has failed.",
                    "看不出计划，或固守已失败的计划。",
                ),
                ("5", "Has a plan and changes it when pressed.", "有计划，受压时能够调整。"),
                (
                    "9",
                    "Foresees the others and uses what changes at the table.",
                    "能预见各方，并利用桌上的变化。",
                ),
                ("10", "Shapes the course of the whole negotiation.", "左右整场谈判的走向。"),
            ],
        ),
        _criterion(
            "listening",
            ("Listening and use of information", "倾听与信息运用"),
            [
                ("1", "Repeats itself; answers nothing that was said.", "自说自话，不回应他方发言。"),
                ("5", "Answers what is said and asks when it is unclear.", "回应他方发言，不清楚时会提问。"),
                (
                    "9",
                    "Draws out what others had not said and builds on it.",
                    "引出他方未言明的信息并加以运用。",
                ),
                (
                    "10",
                    "Knows the others’ needs better than they put them.",
                    "对他方需求的理解胜过其自身表述。",
                ),
            ],
        ),
        _criterion(
            "inclusion",
            ("Inclusion of all four parties", "包容四方"),
            [
                ("1", "Talks past or shuts out a party.", "忽视或排斥某一方。"),
                ("5", "Speaks with all parties and respects each.", "与各方对话，尊重每一方。"),
                (
                    "9",
                    "Brings quiet or weak parties in and tests ideas with all.",
                    "让沉默或弱势一方参与，并与各方检验方案。",
                ),
                ("10", "The table works as one because of this team.", "正因该队，四方形成合力。"),
            ],
        ),
        _criterion(
            "options",
            ("Options and agreement", "方案与协议"),
            [
                ("1", "Offers nothing, or terms that cannot work.", "不提方案，或方案不可行。"),
                ("5", "Offers workable terms on the main issues.", "就主要议题提出可行条款。"),
                (
                    "9",
                    "Links issues so that everybody gains, in clear terms.",
                    "关联各议题使各方受益，条款清晰。",
                ),
                ("10", "Finds a lasting solution nobody else saw.", "找到他人未见的长久方案。"),
            ],
        ),
        _criterion(
            "delegate",
            ("Delegate’s contribution", "代表个人表现"),
            [
                ("1", "Hardly takes part, or harms the team’s case.", "几乎没有参与，或损害本队立场。"),
                ("5", "Speaks to the point and supports the team.", "发言切题，支持本队。"),
                ("9", "Persuades, answers at once, and lifts the team.", "有说服力，应对及时，提升全队。"),
                ("10", "Would be trusted with a real negotiation today.", "足以立即担当真实谈判。"),
            ],
            target="delegate",
        ),
    ),
)

SESSIONS = RubricTemplate(
    code="sessions",
    title=N_("By the four sessions"),
    text=N_(
        "One criterion for each of the four sessions and one for the outcome. "
        "A judge who could not follow a bilateral talk may say so."
    ),
    criteria=(
        _criterion(
            "opening",
            ("Opening statement", "开场陈述"),
            [
                ("1", "Unclear what the party wants.", "不清楚该方诉求。"),
                ("5", "Clear aims, in time.", "目标清楚，时间得当。"),
                ("9", "Clear, and sets the terms of the talks.", "清楚，并为谈判定下框架。"),
                ("10", "The others refer back to it all day.", "各方始终引用其陈述。"),
            ],
            session="opening statements",
        ),
        _criterion(
            "bilateral",
            ("Bilateral talks", "双边谈判"),
            [
                ("1", "Leaves with nothing, or with a broken tie.", "毫无所获，或关系破裂。"),
                ("5", "Exchanges positions and some interests.", "交换立场和部分利益。"),
                ("9", "Leaves with a tested common step.", "达成经过检验的共同步骤。"),
                ("10", "Turns an opponent into a partner.", "化对手为伙伴。"),
            ],
            session="bilateral",
            may_be_unobserved=True,
        ),
        _criterion(
            "ad_hoc",
            ("Ad-hoc talks", "临时磋商"),
            [
                ("1", "Waits to be asked.", "被动等待。"),
                ("5", "Seeks the right parties in time.", "及时找到合适的对象。"),
                ("9", "Builds a group around a proposal.", "围绕提案形成合力。"),
                ("10", "Breaks the deadlock of the day.", "打破当日僵局。"),
            ],
            session="ad-hoc",
            may_be_unobserved=True,
        ),
        _criterion(
            "quadrilateral",
            ("Talks of all four", "四方谈判"),
            [
                ("1", "Repeats the opening.", "重复开场陈述。"),
                ("5", "Works through the issues with all.", "与各方逐项讨论。"),
                ("9", "Leads the table to common ground.", "引导各方形成共识。"),
                ("10", "Closes what seemed impossible to close.", "促成看似不可能的协议。"),
            ],
            session="quadrilateral",
            weight="1.5",
        ),
        _criterion(
            "outcome",
            ("Outcome for party and public", "结果：本方与公共利益"),
            [
                ("1", "Gives away what the brief protects.", "放弃指示要求维护的利益。"),
                ("5", "Main aims kept, in terms that can be carried out.", "守住主要目标，条款可执行。"),
                (
                    "9",
                    "More than the aims, and good for those not at the table.",
                    "超出目标，并惠及桌外之人。",
                ),
                ("10", "A model for the real case.", "可作现实案例的范本。"),
            ],
        ),
        _criterion(
            "delegate",
            ("Delegate’s contribution", "代表个人表现"),
            [
                ("1", "Hardly takes part.", "几乎没有参与。"),
                ("5", "Speaks to the point.", "发言切题。"),
                ("9", "Persuades and answers at once.", "有说服力，应对及时。"),
                ("10", "Carries the talks.", "主导谈判。"),
            ],
            target="delegate",
        ),
    ),
)

SHORT = RubricTemplate(
    code="short",
    title=N_("A short rubric for a day on campus"),
    text=N_(
        "Three criteria for the team and one for each delegate, from 1 to 5 in halves: for judges who judge once."
    ),
    criteria=(
        _criterion(
            "substance",
            ("Substance", "内容"),
            [
                ("1", "Does not know the case.", "不了解案情。"),
                ("3", "Knows its brief and uses it.", "了解并运用本方指示。"),
                ("5", "Knows the whole case and every party in it.", "通晓全案及各方。"),
            ],
            scale=ONE_TO_FIVE,
        ),
        _criterion(
            "together",
            ("Working together", "协作"),
            [
                ("1", "Works against the table.", "与各方对立。"),
                ("3", "Listens and answers.", "倾听并回应。"),
                ("5", "Brings all four parties to one text.", "促使四方形成同一文本。"),
            ],
            scale=ONE_TO_FIVE,
        ),
        _criterion(
            "result",
            ("Result", "结果"),
            [
                ("1", "No terms.", "没有条款。"),
                ("3", "Fair terms on some issues.", "部分议题条款公允。"),
                ("5", "Clear, fair terms on all issues.", "各议题条款清晰公允。"),
            ],
            scale=ONE_TO_FIVE,
        ),
        _criterion(
            "speaking",
            ("Speaking", "表达"),
            [
                ("1", "Hard to follow.", "难以理解。"),
                ("3", "Clear.", "清楚。"),
                ("5", "Clear, brief and convincing.", "清楚、简练、有说服力。"),
            ],
            target="delegate",
            scale=ONE_TO_FIVE,
        ),
    ),
)

TEMPLATES = (USUAL, SESSIONS, SHORT)
