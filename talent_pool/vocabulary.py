"""The closed lists of skills and sectors in both languages: what is chosen in one is found in the other (pure)."""

from __future__ import annotations

SKILLS: dict[str, tuple[str, str]] = {
    "negotiation": ("Negotiation", "谈判"),
    "mediation": ("Mediation", "调解"),
    "arbitration": ("Arbitration", "仲裁"),
    "facilitation": ("Facilitating meetings", "会议主持与引导"),
    "public_speaking": ("Public speaking", "公开演讲"),
    "legal_drafting": ("Drafting agreements", "协议起草"),
    "legal_research": ("Legal research", "法律检索"),
    "treaty_law": ("International law and treaties", "国际法与条约"),
    "contract_law": ("Contract law", "合同法"),
    "environmental_law": ("Environmental law", "环境法"),
    "labour_law": ("Labour law", "劳动法"),
    "maritime_law": ("Maritime law", "海商法"),
    "trade_law": ("Trade law", "贸易法"),
    "investment_law": ("Investment law", "投资法"),
    "human_rights": ("Human rights", "人权"),
    "policy_analysis": ("Policy analysis", "政策分析"),
    "diplomacy": ("Diplomacy and protocol", "外交与礼宾"),
    "political_risk": ("Political risk", "政治风险分析"),
    "impact_assessment": ("Environmental and social impact assessment", "环境与社会影响评估"),
    "community_consultation": ("Community consultation", "社区协商"),
    "project_finance": ("Project finance", "项目融资"),
    "public_finance": ("Public finance", "公共财政"),
    "economics": ("Economic analysis", "经济分析"),
    "accounting": ("Accounting", "会计"),
    "procurement": ("Procurement", "采购"),
    "project_management": ("Project management", "项目管理"),
    "data_analysis": ("Data analysis", "数据分析"),
    "statistics": ("Statistics", "统计"),
    "programming": ("Programming", "编程"),
    "gis": ("Geographic information systems", "地理信息系统"),
    "monitoring": ("Monitoring and evaluation", "监测与评估"),
    "report_writing": ("Report writing", "报告撰写"),
    "grant_writing": ("Grant writing", "项目申请书撰写"),
    "communications": ("Communications and media", "传播与媒体"),
    "interpreting": ("Interpreting", "口译"),
    "translation": ("Translation", "笔译"),
    "intercultural": ("Working across cultures", "跨文化合作"),
    "teamwork": ("Leading a team", "团队领导"),
    "teaching": ("Teaching and training", "教学与培训"),
    "fundraising": ("Fundraising", "筹款"),
}
"""Code -> (English, Chinese)."""

SECTORS: dict[str, tuple[str, str]] = {
    "government": ("Government and public service", "政府与公共服务"),
    "diplomacy": ("Foreign affairs", "外交事务"),
    "international": ("International organisations", "国际组织"),
    "law": ("Law", "法律"),
    "finance": ("Banking and finance", "银行与金融"),
    "development": ("Development and aid", "发展与援助"),
    "environment": ("Environment and climate", "环境与气候"),
    "energy": ("Energy", "能源"),
    "transport": ("Transport and ports", "交通与港口"),
    "infrastructure": ("Construction and infrastructure", "建筑与基础设施"),
    "mining": ("Mining and raw materials", "矿业与原材料"),
    "manufacturing": ("Manufacturing", "制造业"),
    "technology": ("Technology", "科技"),
    "trade": ("Trade and logistics", "贸易与物流"),
    "agriculture": ("Agriculture and food", "农业与食品"),
    "health": ("Health", "医疗卫生"),
    "education": ("Education and research", "教育与科研"),
    "media": ("Media and culture", "媒体与文化"),
    "labour": ("Labour and social affairs", "劳动与社会事务"),
    "human_rights": ("Human rights and humanitarian work", "人权与人道主义"),
    "consulting": ("Consulting", "咨询"),
}
"""Code -> (English, Chinese)."""


def in_both_languages(vocabulary: dict[str, tuple[str, str]], code: str) -> tuple[str, ...]:
    """The words of a code in both languages; none for a code that is not in the list."""
    return vocabulary.get(code, ())
