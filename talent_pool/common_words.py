"""Words that prove nothing: everyday words that are also names, parts of every university's name, places."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON_WORDS = _words("""
    a am an as at be by do go he i if in is it me my no of on or so to up us we
    ace all amber amity and ann any are art autumn bay bell best bill bird bishop black blue bob bond brook
    brown but can carol case chance chase chip clay constant cook crystal dale dawn day dean drew earl east
    edge even faith fan far ferry field fisher for ford forest forum frank free gale game gang gene gold good
    grace grant gray green guy hall hang happy harmony has have heath her hill him his holly home honor hope
    hunt hunter jade jasmine joy june just justice king lake lane law leaf lee less lily lin line lock long
    love mark martin may men mercy merit miles min new nick noble north not now oak ocean olive once one open
    our own page pan park pat pearl penny person pin pine port prudence rain ran ray read reed rich river rob
    robin rock rose royal ruby run sage sand sang say see she shore sky song star stone storm strong sue
    summer sun tan tang tea terry the they tie time tin too trade true two union unity victor victory viola
    wade wan want war was way west while white who will win wise wolf won wood word work worth yes you young
    zone
""")
"""Parts of names that are words of everyday English: a name only when capitalised."""

GENERIC_WORDS = _words("""
    a academy affairs agricultural agriculture and applied arts at b business c central college commerce d
    delegation department east eastern economics education engineering enterprise faculty finance for foreign
    government graduate group high higher i igo ii iii in institute international languages law local
    management maritime medical medicine national ngo normal north northern of political politics polytechnic
    relations school science sciences social south southern state studies team technical technology the trade
    universidad universitat universite universiti university west western world
""")
"""Words of many institutions' and teams' names, which point to none of them."""

PLACES = _words("""
    africa america amsterdam anhui arab argentina asia athens auckland australia australian austria bangkok
    barcelona beijing belgium berlin birmingham bonn boston brazil bristol britain brussels budapest cairo
    california cambodia canada canberra changsha chengdu chicago chile china chinese chongqing cologne
    colombia copenhagen dalian delhi denmark dubai dublin edinburgh egypt england ethiopia europe european
    finland florida france frankfurt fujian gansu geneva germany ghana glasgow greece guangdong guangxi
    guangzhou guizhou hague hainan hamburg hangzhou harbin hebei heilongjiang helsinki henan hong hongkong
    hubei hunan hungary iceland india indonesia iran iraq ireland israel istanbul italy jakarta japan jiangsu
    jiangxi jilin jinan jordan karachi kazakhstan kenya kong korea korean kunming kuwait kyoto lagos lanzhou
    laos lebanon leeds leiden leipzig liaoning lisbon liverpool london lyon macao macau madrid malaysia
    manchester manila melbourne mexico michigan milan mongolia montreal morocco moscow mumbai munich myanmar
    nairobi nanchang nanjing nepal netherlands nigeria ningbo ningxia norway osaka oslo ottawa pakistan paris
    perth peru philippines poland portugal prague qatar qingdao queensland rome russia rwanda scotland seoul
    shaanxi shandong shanghai shanxi shenyang shenzhen sichuan singapore slovenia spain stockholm sudan suzhou
    sweden switzerland sydney taipei taiwan tanzania tashkent texas thailand tianjin tibet tokyo toronto
    turkey uganda ukraine uzbekistan vancouver vienna vietnam vladivostok wales warsaw washington wuhan xiamen
    xian xinjiang yangon york yunnan zagreb zhejiang zhengzhou zurich
""")
"""Places that name universities, and where people also live and want to work."""

PLACES_ZH = _words("""
    上海 东京 东北 中国 云南 伦敦 俄罗斯 兰州 内蒙古 北京 华东 华北 华南 南京 南昌 厦门
    台湾 合肥 吉林 哈尔滨 四川 国际关系 墨尔本 外交 外国语 大连 天津 宁夏 宁波 安徽 山东 山西
    巴黎 师范 广东 广州 广西 德国 悉尼 成都 政法 新加坡 新疆 日内瓦 日本 昆明 杭州 武汉
    江苏 江西 沈阳 河北 河南 法国 济南 浙江 海南 深圳 湖北 湖南 澳大利亚 澳门 甘肃 福州
    福建 纽约 美国 苏州 英国 莫斯科 西北 西南 西安 西藏 贵州 贵阳 辽宁 郑州 重庆 长沙
    陕西 青岛 青海 韩国 首尔 香港 黑龙江
""")
"""The same in Chinese, with the other words that remain of a university's name."""

COMPOUND_SURNAMES = _words("""
    欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 司徒 长孙 宇文 端木 南宫 呼延 轩辕 澹台 赫连 独孤
""")
"""Family names of two characters, in the simplified form."""
