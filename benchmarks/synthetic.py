"""Pages generated from a seed, as large and as laden as news pages of today.

A page is a function of its number. Pages of one run share what pages of one publisher share
(menus, class names, styles, icons, the list of most read stories) and differ in the rest. The
words are ours and the sentences mean nothing.
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Iterator, Sequence
from random import Random

PAGE_BYTES = 250_000  # about 60 % of them scripts and JSON, which fill a page up

_SUBJECTS = (
    "গ্রামের মানুষ|নদীপারের জেলেরা|শহরের দোকানিরা|পাহাড়ের চাষিরা|স্কুলের শিক্ষার্থীরা"
    "|কারখানার শ্রমিকেরা|হাটের ক্রেতারা|চরের বাসিন্দারা|মেলার আয়োজকেরা|উপজেলা কর্মকর্তা"
    "|পৌরসভার মেয়র|দলের অধিনায়ক|হাসপাতালের চিকিৎসক|সমিতির সভাপতি|লঞ্চের যাত্রীরা|তরুণ উদ্যোক্তারা"
).split("|")
_TIMES = (
    "গত সপ্তাহে|রোববার সকালে|বর্ষার শুরুতে|টানা তিন দিন|ভোরের আলো ফুটতেই|সন্ধ্যার পর|এ বছর"
    "|প্রায় এক দশক ধরে|দুপুরের দিকে|ছুটির দিনে|মাসের শেষে|শীতের আগে"
).split("|")
_PLACES = (
    "বাজারের পাশে|নদীর ঘাটে|উপজেলা সদরে|সড়কের দুই ধারে|পুরোনো স্টেশনে|ইউনিয়ন পরিষদে|খোলা মাঠে"
    "|জেলা শহরে|বন্দরের কাছে|স্কুলের আঙিনায়|সেতুর নিচে|বাঁধের ওপর"
).split("|")
_OBJECTS = (
    "নতুন সেতুর কাজ|ধানের দাম|বাঁধ মেরামত|বইয়ের মেলা|খাবার পানির সংকট|নৌকাবাইচের প্রস্তুতি"
    "|সবজির চাষ|বিদ্যুৎ সংযোগ|গাছ লাগানোর উদ্যোগ|মাছ ধরার মৌসুম|ফুটবল খেলার আয়োজন|চিকিৎসা শিবির"
    "|রাস্তা পাকা করার দাবি|হস্তশিল্পের প্রদর্শনী"
).split("|")
_VERBS = (
    "নিয়ে কথা বলেছেন|দেখে খুশি হয়েছেন|নিয়ে চিন্তায় আছেন|শুরু করেছেন|নিয়ে সভা করেছেন"
    "|থেকে লাভ পেয়েছেন|নিয়ে অপেক্ষা করছেন|বন্ধ রেখেছেন|নিয়ে হিসাব মেলাচ্ছেন|নিয়ে প্রশ্ন তুলেছেন"
).split("|")
_SECTIONS = ("সারা দেশ|রাজধানী|খেলা|বিনোদন|বাণিজ্য|শিক্ষা|প্রযুক্তি|মতামত|জীবনযাপন|ভ্রমণ|স্বাস্থ্য|কৃষি").split("|")
_IDENTIFIERS = (
    "config state store props render queue slot track event user session cache render hydrate"
    " route module chunk handler observer viewport lazy image player consent segment bucket"
).split()
_CLASSES = (
    "ContentWrapper StoryCard MediaObject FlexColumn GridItem TypographyBody LayoutInner"
    " SectionBlock CardHeader ActionRow ThumbFrame RailItem"
).split()

_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def bengali(number: int) -> str:
    """Write a number in Bengali digits."""
    return str(number).translate(_DIGITS)


def sentence(random: Random) -> str:
    """Make a sentence of 60 to 130 characters."""
    parts = [random.choice(_TIMES), random.choice(_PLACES), random.choice(_SUBJECTS)]
    random.shuffle(parts)
    verb = f"{random.choice(_OBJECTS)} {random.choice(_VERBS)}"
    kind = random.random()
    if kind < 0.15:
        return f"{random.choice(_SUBJECTS)} বলেন, ‘{' '.join(parts[:2])} {verb}।’"
    if kind < 0.3:
        count = bengali(random.randint(2, 90))
        return f"{' '.join(parts)} {count}টি {verb}, তবে {random.choice(_OBJECTS)} থেমে নেই।"
    return f"{' '.join(parts)} {verb}।"


def headline(random: Random) -> str:
    """Make a headline."""
    place, what = random.choice(_PLACES), random.choice(_OBJECTS)
    return f"{place} {what}, {random.choice(_SUBJECTS)} {random.choice(_TIMES)}"


def paragraph(random: Random, sentences: int) -> str:
    """Make a paragraph."""
    return " ".join(sentence(random) for _ in range(sentences))


def article_html(number: int) -> bytes:
    """Make a news page of about PAGE_BYTES: the whole of a site around 15 paragraphs."""
    random = Random(f"article {number}")
    title = headline(random)
    head = "".join(_head(random, title, number))
    body = "".join(_body(random, title, number))
    # Scripts fill the page up to its size: a third in the head, the rest behind the story.
    missing = PAGE_BYTES - len((head + body).encode())
    scripts = _scripts(random, missing)
    third = len(scripts) // 3
    page = (
        f'<!DOCTYPE html><html lang="bn"><head>{head}{"".join(scripts[:third])}</head>'
        f"<body{_look('body', 3)}>{body}{''.join(scripts[third:])}</body></html>"
    )
    return page.encode()


def small_html(number: int) -> bytes:
    """Make a plain HTML page of some kilobytes."""
    random = Random(f"small {number}")
    lines = [f"<p>{paragraph(random, 3)}</p>" for _ in range(5)]
    links = [f'<li><a href="/s/{number}/{at}">{headline(random)}</a></li>' for at in range(8)]
    return (
        f"<html><head><title>{headline(random)}</title></head><body>"
        f'<ul class="menu">{"".join(f"<li><a>{section}</a></li>" for section in _SECTIONS)}</ul>'
        f"<h1>{headline(random)} {number}</h1>{''.join(lines)}"
        f'<div class="related"><ul>{"".join(links)}</ul></div></body></html>'
    ).encode()


def text_capture(number: int) -> bytes:
    """Make a text capture of some kilobytes."""
    random = Random(f"text {number}")
    body = "\n\n".join(paragraph(random, 3) for _ in range(5))
    links = "\n".join(headline(random) for _ in range(8))
    story = f"{headline(random)} {bengali(number)}\n\n{body}"
    return f"{' | '.join(_SECTIONS)}\n\n{story}\n\nআরও পড়ুন\n{links}\n".encode()


def _head(random: Random, title: str, number: int) -> Iterator[str]:
    summary = sentence(random)
    yield '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    yield f"<title>{title}</title>"
    for name, content in (("title", title), ("description", summary), ("type", "article")):
        yield f'<meta property="og:{name}" content="{html.escape(content)}">'
    story = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": f"2024-0{1 + number % 9}-1{number % 10}T08:30:00+06:00",
        "author": [{"@type": "Person", "name": "নিজস্ব প্রতিবেদক"}],
    }
    yield f'<script type="application/ld+json">{json.dumps(story, ensure_ascii=False)}</script>'
    yield f"<style>{_styles()}</style>"


def _body(random: Random, title: str, number: int) -> Iterator[str]:
    yield _icons()
    yield _menu()
    depth = 12
    yield "".join(f"<div{_look(f'shell {level}', 4)}>" for level in range(depth))
    yield f"<main><article{_look('article', 3)}><h1{_look('title', 2)}>{title}</h1>"
    yield f"<div{_look('byline', 2, 'byline')}><span>নিজস্ব প্রতিবেদক</span></div>"
    day = bengali(1 + number % 28)
    yield f"<div{_look('time', 2)}><time>প্রকাশ: {day} জুন ২০২৪, ১০:২৫</time></div>"
    yield f"<div{_look('share', 2, 'share-buttons')}>{_buttons()}</div>"
    yield f'<figure><picture><img src="/i/{number}.jpg"></picture>'
    yield "<figcaption>ছবি: সংগৃহীত</figcaption></figure>"
    for place in range(15):
        yield f"<div{_look('block', 3)}><p{_look('text', 1)}>{paragraph(random, 4)}</p></div>"
        if place in (4, 9):
            yield f'<div{_look("slot", 2, "ad-slot")} id="ad-{place}"><span>বিজ্ঞাপন</span></div>'
    yield "</article></main>"
    yield f"<section{_look('related', 2, 'related')}><h3>আরও পড়ুন</h3>"
    yield "".join(_card(random, headline(random), at) for at in range(40))
    yield f"</section><aside{_look('rail', 2)}><h3>সর্বাধিক পঠিত</h3>"
    yield "".join(_card(random, text, at) for at, text in enumerate(_most_read()))
    yield f"</aside><section{_look('comments', 2, 'comments')}>"
    for at in range(15):
        yield f"<div{_look('comment', 3)}><span{_look('reader', 1)}>পাঠক {bengali(at)}</span>"
        yield f"<p>{sentence(random)}</p>{_buttons()}</div>"
    yield f"</section>{'</div>' * depth}"
    yield f"<footer>{_links(_SECTIONS)}<p>স্বত্ব © খবরের কাগজ</p></footer>"


def _card(random: Random, text: str, at: int) -> str:
    """Make a promoted headline as a card: nested elements, a lazy picture, an icon."""
    return (
        f'<div{_look("card", 3)} data-track="card" data-index="{at}"><div{_look("inner", 2)}>'
        f'<a href="/story/{random.randrange(10**9)}"{_look("link", 1)}><img loading="lazy" '
        f'data-src="/i/{random.randrange(10**9)}.jpg" alt=""><svg viewBox="0 0 24 24">'
        f'<use href="#icon-{at % 20}"/></svg><h4{_look("headline", 1)}>{text}</h4></a></div>'
        f"<time>{bengali(1 + at % 23)} ঘণ্টা আগে</time></div>"
    )


def _scripts(random: Random, size: int) -> list[str]:
    """Make scripts and JSON of `size` bytes in all, about a thousand bytes a piece of them."""
    scripts: list[str] = []
    while size > 0:
        chunk = _json(random) if random.random() < 0.5 else _code(random)
        script = f"<script>{chunk}</script>"
        scripts.append(script)
        size -= len(script.encode())
    return scripts


def _json(random: Random) -> str:
    """Make a state of the page as frameworks leave it: records with texts and addresses."""
    records = [
        {
            "id": random.randrange(10**9),
            "slug": _names(random, 2),
            "headline": headline(random),
            "url": f"/story/{random.randrange(10**9)}",
            "flags": {random.choice(_IDENTIFIERS): random.random() < 0.5 for _ in range(4)},
        }
        for _ in range(12)
    ]
    name = random.choice(_IDENTIFIERS).upper()
    return f"window.__{name}__={json.dumps(records, ensure_ascii=False)};"


def _code(random: Random) -> str:
    """Make code as bundlers write it."""
    lines = []
    for _ in range(40):
        one, two, three = random.choices(_IDENTIFIERS, k=3)
        lines.append(
            f"function {one}{random.randrange(999)}(e,t){{if(e.{two}<t.{three}&&!t.{one})"
            f'{{return e.{two}.push("<div class={three}>"+t.{three}+"</div>")}}return null}}'
        )
    return "(function(){" + "".join(lines) + "})();"


def _links(words: Sequence[str]) -> str:
    return "".join(f'<a href="/{at}">{word}</a>' for at, word in enumerate(words))


def _names(random: Random, count: int) -> str:
    return " ".join(
        f"{random.choice(_CLASSES)}_{random.randrange(2**28):07x}" for _ in range(count)
    )


@functools.cache
def _look(component: str, count: int, named: str = "") -> str:
    """Make the class attribute of a component: names that a build tool made, the same on all
    pages, and perhaps one that a person gave.
    """
    return f' class="{f"{_names(Random(component), count)} {named}".strip()}"'


@functools.cache
def _styles() -> str:
    random = Random("styles")
    rules = [
        f".{_names(random, 1)}{{display:flex;margin:{random.randrange(40)}px auto;"
        f"color:#{random.randrange(2**24):06x}}}"
        for _ in range(150)
    ]
    return "".join(rules)


@functools.cache
def _icons() -> str:
    random = Random("icons")
    paths = [
        "".join(f"L{random.randrange(240) / 10} {random.randrange(240) / 10}" for _ in range(30))
        for _ in range(20)
    ]
    symbols = [
        f'<symbol id="icon-{at}" viewBox="0 0 24 24"><path d="M0 0{path}z"/></symbol>'
        for at, path in enumerate(paths)
    ]
    return f'<svg style="display:none">{"".join(symbols)}</svg>'


@functools.cache
def _menu() -> str:
    """Make a menu of 120 links: sections with their subsections."""
    random = Random("menu")
    groups = []
    for section in _SECTIONS:
        links = [
            f'<li{_look("leaf", 1)}><a href="/{at}">{random.choice(_SECTIONS)} {place}</a></li>'
            for at, place in enumerate(random.sample(_PLACES, 9))
        ]
        groups.append(
            f'<li{_look("branch", 2)}><a href="/">{section}</a><ul>{"".join(links)}</ul></li>'
        )
    return f"<nav{_look('menu', 2)}><ul>{''.join(groups)}</ul></nav>"


@functools.cache
def _buttons() -> str:
    return "".join(
        f'<button type="button" aria-label="{name}"><svg><use href="#icon-{at}"/></svg>'
        f"<span>{name}</span></button>"
        for at, name in enumerate(("শেয়ার", "টুইট", "কপি", "প্রিন্ট"))
    )


@functools.cache
def _most_read() -> tuple[str, ...]:
    random = Random("most read")
    return tuple(headline(random) for _ in range(20))
