"""News pages as plain text with what each line is: pages flattened, and articles among invented papers' furniture.

Three flattenings of the pages that `pages.py` loads: all of a page's blocks, and the article with what stands around it,
near and less near, as somebody copies it. And articles of PolNeAR (plain text, one folder a newspaper), dressed as those
of invented papers whose furniture is written here, two or three papers a newspaper. Held out are whole sources and
newspapers, and with them the furniture. Everything is drawn from the names of the documents: each run gives the same.
"""

# ruff: noqa: E501  (the lines of the invented papers are as long as they are)
import re
import tarfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from benchmarks.pages import DATA, Page, load
from benchmarks.scores import tokens
from pipelines.cleaning.decode import decode
from pipelines.cleaning.pages.blocks import split_blocks
from pipelines.cleaning.pages.clean import parse
from pipelines.cleaning.profiles.learning import MAX_SAY, MIN_REPEATS, MIN_SHARE
from pipelines.cleaning.text import remove_unprintable, tidy_text
from pipelines.cleaning.texts.hints import Hint, ScoredText, learn_hints
from pipelines.cleaning.texts.lines import get_line_key, split_lines
from pipelines.cleaning.trees import Floats

SETS = ("wcxb_dev", "fundus_eval", "daniel_dev", "polnear")
QUOTES = DATA.parent / "enrichment" / "quotes"
NEAR = 3  # shingles of this many tokens tell whether a block is of the article
COVERED = 0.6  # of a block's shingles
SHORT = 6  # tokens: below, a block must be in the article as it stands, and within its bounds
AROUND = {"near": (4, 6), "around": (12, 30)}  # blocks before and after the article, at most
WIDTHS = (68, 72, 76, 80)
WRAPPED = 6  # one dump in so many is hard-wrapped
MAX_OTHERS = 60  # pages of a source from which repeats are counted


@dataclass(frozen=True, slots=True)
class Dump:
    """A text with its lines' labels: `article` where a line belongs to the text, else a word of labels.LABELS, or
    `open` where the set does not say (a page's headings and captions)."""

    id: str
    set: str
    source: str
    lines: tuple[tuple[str, str], ...]
    text: str


def dumps(name: str, part: str = "dev") -> list[Dump]:
    """The dumps of one of SETS, in a fixed order."""
    return list(_articles(part) if name == "polnear" else _pages(name, part))


def sources(documents: Sequence[Dump]) -> dict[str, list[Dump]]:
    """Dumps by their source, sources by name."""
    grouped: dict[str, list[Dump]] = {}
    for dump in documents:
        grouped.setdefault(dump.source, []).append(dump)
    return dict(sorted(grouped.items()))


def page_of(dump: Dump) -> str:
    """What the dumps of one page share."""
    return dump.id if dump.set == "polnear" else dump.id.rsplit("/", 1)[0]


def with_labels(dump: Dump) -> list[tuple[str, str, int]]:
    """The lines that a dump's text is split into, each with its label and the number of its tokens."""
    owners = [label for line, label in dump.lines for _ in tokens(tidy_text(line))]
    found, at = [], 0
    for line in split_lines(tidy_text(dump.text)):
        count = len(tokens(line))
        most = Counter(owners[at : at + count]).most_common(1)
        found.append((line, most[0][0] if most else "open", count))
        at += count
    return found


def with_learnt(
    documents: Sequence[Dump], at_least: int, read: Callable[[Sequence[str]], Floats]
) -> Iterator[tuple[Dump, Mapping[str, float], Mapping[str, Hint]]]:
    """Each dump of one source with the repeats and hints of its other pages; empty where these are fewer than that.

    `read` judges the lines of these pages before anything is known of them, as in `learning.learn`.
    """
    pages = {page_of(dump): dump for dump in documents if dump.set == "polnear" or dump.id.endswith("/page")}
    lines = {page: [line for line, _, _ in with_labels(dump)] for page, dump in pages.items()}
    keys = {page: [get_line_key(line) for line in own] for page, own in lines.items()}
    learnt: dict[str, tuple[Mapping[str, float], Mapping[str, Hint]]] = {}
    told: dict[str, ScoredText] = {}
    for dump in documents:
        page = page_of(dump)
        others = [other for other in pages if other != page][:MAX_OTHERS]
        if len(others) < at_least:
            yield dump, {}, {}
            continue
        if page not in learnt:
            for other in others:
                if other not in told:
                    sizes = [min(len(line), MAX_SAY) for line in lines[other]]
                    told[other] = ScoredText(keys[other], sizes, read(lines[other]).tolist())
            counts = Counter(key for other in others for key in set(keys[other]) if key)
            enough = max(MIN_REPEATS, MIN_SHARE * len(others))
            repeats = {key: n / len(others) for key, n in sorted(counts.items()) if n >= enough}
            learnt[page] = repeats, learn_hints([told[other] for other in others], repeats)
        yield dump, *learnt[page]


def _pages(name: str, part: str) -> Iterator[Dump]:
    for page in load(name, part):
        lines = _labelled(page)
        body = [i for i, (_, label) in enumerate(lines) if label == "article"]
        if not body:
            continue  # the person who marked it saw another page
        yield _dump(f"{page.id}/page", name, page.source, lines)
        for how, (before, after) in AROUND.items():
            chance = _chance(f"{page.id}/{how}")
            first = max(0, body[0] - chance.randint(0, before))
            yield _dump(f"{page.id}/{how}", name, page.source, lines[first : body[-1] + 1 + chance.randint(0, after)])


def _labelled(page: Page) -> list[tuple[str, str]]:
    """The page's blocks, each with whether the marked text holds it."""
    decoded = decode(page.body, None)
    tree = parse(remove_unprintable(decoded))[0] if decoded else None
    if tree is None:
        return []
    found = split_blocks(tree)
    words = [tokens(block.text) for block in found]
    gold = tokens(page.text)
    shingles = Counter(zip(*(gold[i:] for i in range(NEAR)), strict=False))
    running = "\0".join(["", *gold, ""])
    covered = []
    for line in words:
        own = list(zip(*(line[i:] for i in range(NEAR)), strict=False))
        if len(line) < SHORT:
            covered.append(False)
            continue
        hits = Counter(own) & shingles
        covered.append(hits.total() >= COVERED * len(own))
        if covered[-1]:
            shingles -= hits  # a teaser that repeats the text is no second text
    long = [i for i, is_in in enumerate(covered) if is_in]
    if not long:
        return []
    title = tokens(page.title or (page.text.split("\n")[0] if page.language else ""))
    lines = []
    for i, (block, line) in enumerate(zip(found, words, strict=True)):
        if not line:
            continue
        is_in = covered[i]
        if len(line) < SHORT and long[0] - 2 <= i <= long[-1] + 2:
            is_in = "\0".join(["", *line, ""]) in running
        if line == title or (block.tag == "h1" and not is_in):
            label = "headline" if i <= long[0] + 1 and line == title else "open"
        elif is_in:
            label = "article"
        else:
            label = "open" if any(step.startswith("figcaption") for step in block.path) else "furniture"
        lines.append((block.text, label))
    return lines


def _dump(id: str, set: str, source: str, lines: list[tuple[str, str]]) -> Dump:
    chance = _chance(id)
    gap = chance.choice(["\n\n", "\n\n", "\n"])
    texts = [text for text, _ in lines]
    if chance.randrange(WRAPPED) == 0:
        width, gap = chance.choice(WIDTHS), "\n\n"
        texts = [textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False) for text in texts]
    return Dump(id, set, source, tuple(lines), gap.join(texts) + "\n")


def _chance(name: str) -> Random:
    return Random(sha256(name.encode()).digest())


def newspapers(part: str) -> list[str]:
    """PolNeAR's newspapers by name; every fourth from the second is held out."""
    names = ["breitbart", "huff-post", "nyt", "politico", "usa-today", "wash-post", "west-journal"]
    return [name for i, name in enumerate(names) if (i % 4 == 1) == (part == "held_out")]


def _articles(part: str) -> Iterator[Dump]:
    texts: dict[str, str] = {}
    wanted = tuple(newspapers(part))
    for archive in ("polnear_train.tgz", "polnear_dev.tgz"):
        with tarfile.open(QUOTES / archive) as files:
            for member in files:
                name = member.name.rsplit("/", 1)[-1]
                if name.startswith(wanted) and name.endswith(".txt") and (stream := files.extractfile(member)):
                    texts[name[:-4]] = stream.read().decode("utf-8", "replace")
    papers = _papers()
    every = sorted(papers)
    for place, newspaper in enumerate(sorted(["breitbart", "huff-post", "nyt", "politico", "usa-today", "wash-post", "west-journal"])):  # fmt: skip
        if newspaper not in wanted:
            continue
        own = every[place::7]
        for i, name in enumerate(sorted(name for name in texts if name.startswith(newspaper))):
            others = [other for other in sorted(texts) if other.startswith(newspaper) and other != name]
            paper = own[i % len(own)]
            headlines = [_paragraphs(texts[other])[0].rstrip(".") for other in _chance(name).sample(others, 12)]
            yield _dump(name, "polnear", paper, _dressed(name, papers[paper], _paragraphs(texts[name]), headlines))


def _paragraphs(text: str) -> list[str]:
    return [line for block in re.split(r"\n\s*\n", text) if (line := " ".join(block.split()))]


def _papers() -> dict[str, list[str]]:
    """Name → its lines, each `label text`; those under `--` stand after the article, `~` within it."""
    papers: dict[str, list[str]] = {}
    for line in PAPERS.strip().split("\n"):
        if line.startswith("= "):
            papers[line[2:]] = []
        else:
            papers[list(papers)[-1]].append(line)
    return papers


LETTERS = {"H": "headline", "B": "byline", "D": "dateline", "C": "caption", "F": "furniture"}
FIRST = ("Ann", "Tobias", "Maria", "Kwame", "Lena", "Oliver", "Priya", "Samuel", "Ingrid", "Tomás")
LAST = ("Hollis", "Brandt", "Okoye", "Vance", "Lindqvist", "Moreau", "Castell", "Reyes", "Whitlock", "Duarte")
PLACES = ("Dayton", "Richmond", "Tulsa", "Geneva", "Ottawa", "Phoenix", "Lisbon", "Charlotte")
MONTHS = ("January", "March", "May", "July", "September", "November")


def _dressed(name: str, paper: list[str], article: list[str], others: list[str]) -> list[tuple[str, str]]:
    """The article in its paper: lines marked `?` in half of the articles, `*3` three times."""
    chance = _chance("dressed " + name)
    names = Counter(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+", " ".join(article)))
    who = min(names, key=lambda n: (-names[n], n)) if names else "The candidate"
    queue = list(others)
    body = [(text, "article") for text in article[1:]]
    top: list[tuple[str, str]] = []
    bottom: list[tuple[str, str]] = []
    boxes: list[list[tuple[str, str]]] = []
    into = top
    for line in paper:
        if line == "--":
            into = bottom
            continue
        mark, _, template = line.partition(" ")
        if mark.startswith("~"):
            boxes.append(into := [])
            mark = mark[1:]
        if "?" in mark and chance.random() < 0.5:
            continue
        for _ in range(int(mark[-1]) if mark[-1].isdigit() else 1):
            person = lambda: f"{chance.choice(FIRST)} {chance.choice(LAST)}"  # noqa: E731
            filled = template.format(
                headline=article[0].rstrip("."), other=queue.pop(0) if "{other}" in template and queue else "More news",
                author=person(), second=person(), who=who, place=chance.choice(PLACES), n=chance.randint(2, 980),
                day=chance.randint(1, 28), month=chance.choice(MONTHS), hour=chance.randint(1, 12),
                minute=f"{chance.randrange(60):02}",
            )  # fmt: skip
            into.append((filled, LETTERS[mark[0]]))
    for box in boxes:
        if len(body) > 4 and chance.random() < 0.8:
            at = chance.randint(2, len(body) - 1)
            body[at:at] = box
    return [*top, *body, *bottom]


# Two papers a newspaper, in turn by name; every word here is made up for this purpose.
PAPERS = """
= Alder Bay Courier
F? Support the Alder Bay Courier!
H {headline}
C {who} waits to be introduced before a speech in {place} on Tuesday.
--
F Read more
F Local reporting needs readers. You can be one of them.
F The Courier is the last paper between the bay and the hills that still sends a reporter to every council meeting, and it costs more than advertising brings in.
F What we print is decided in our newsroom and nowhere else. No owner, party or advertiser reads a story before you do, and none ever will, whatever they offer.
F Please think about giving once, or better every month, so that we can go on telling you what those in charge would rather keep to themselves.
= Brookfield Standard
F Skip to content
F? Sign in
F News
F Politics
F Sport
F Opinion
F? Weather {n}
H {headline}
B By {author}
D {month} {day}, 2016 | {hour}:{minute} p.m.
F Share
F Tweet
F Email
C {who} in a file photo. (Brookfield Standard/{second})
~F Advertisement
~F ALSO READ
F {other}
~F? Story continues below
--
B {author} can be reached at newsdesk@brookfieldstandard.example.
F RELATED STORIES
F*4 {other}
F {n} comments
F Sign up for our morning email and never miss a story again.
F Copyright 2016 Brookfield Standard Media. All rights reserved.
= Cedar Valley Ledger
F CEDAR VALLEY LEDGER
F Subscribe from $1 a week
D {place} - Updated {day} {month} 2016
H {headline}
B {author}, Cedar Valley Ledger
~F SIGN UP: Get the ledger of the day in your inbox at six
F Thank you for signing up! Please check your inbox to confirm.
--
F More from Cedar Valley
F*3 {other}
F About us
F Contact
F Privacy policy
F Terms of use
F © 2016 Cedar Valley Publishing Co.
= Delmar Evening Post
F Home > Nation > Politics
H {headline}
F {n} SHARES
B Posted by {author} on {month} {day}, 2016
C {who} greets supporters at an evening event in {place}. Photo: {second}/Delmar Pictures
~F MORE: {other}
~F RELATED: {other}
--
F Tags: politics, election, nation
F Like this story? Join {n} thousand others who follow us
F? Do you have a tip for our reporters? Write to us in confidence, we answer every letter.
F Next: {other}
F Previous: {other}
= Eastgate Chronicle
F Menu
F Search
F Log out
F {hour}:{minute} | Live: {other}
H {headline}
B {author} and {second}
D {month} {day} 2016
~F The Eastgate Brief: one email, five stories, every evening. We never share your address with anybody.
F Enter your email
F Subscribe
--
F {author} writes about politics for the Eastgate Chronicle. Before that, the author spent nine years at a radio station and taught evening classes.
F Most read
F1 1. {other}
F1 2. {other}
F1 3. {other}
F The Eastgate Chronicle is owned by its readers. There are no shareholders, no dividends, and nobody upstairs who could ask for a friendlier headline.
F Become a member
= Fairhaven Gazette
F THE FAIRHAVEN GAZETTE
F Today's paper  |  Archive  |  Crossword
H {headline}
C {who}, pictured earlier this year in {place}. / {second} for the Gazette
D {place} | {day} {month} 2016
~F Read also: {other}
--
F See also
F*5 {other}
F If you found an error in this article, mark the words and send them to the editors.
F Gazette app
F Follow us
F Facebook
F Twitter
= Glenmore Observer
H {headline}
F Listen to this article {n} min
B Words by {author}
F? This article is free because readers like you pay for it. Will you join them today?
~F "We read every reply": write to the editor about this story
~F What else is going on
F*2 {other}
--
F Show comments ({n})
F The views that writers express in these pages are theirs, and they need not be those of the Glenmore Observer or of anyone who works for it.
F Reprints are available; see our permissions desk for the price of a licence, which depends on how many copies you want to make.
= Harbor Point Tribune
F Harbor Point Tribune: news for the working waterfront
F? Breaking: {other}
F {place} {n}°
H {headline}
B by {author} / Staff Writer
F facebook
F pinterest
F print
C {who} leaves a meeting. TRIBUNE PHOTO BY {second}
--
F TOP PICKS
F*6 {other}
F Want to see fewer advertisements? Subscribers see none.
F Report a correction
F Back to top
= Ivywood Daily
F Ivywood Daily
H {headline}
D Published: {day}.0{day}.2016 {hour}:{minute}
F Save for later
F Copy link
~F Your support keeps this newsroom open. Even two dollars makes a difference to what we can cover next week.
F Give now
F Not today
--
F Thanks for reading Ivywood Daily.
F We started this paper in a garage because nobody else would ask the county where the road money went. Six years on we have four reporters, one lawyer and a great many questions left.
F If you can spare it, help us ask them. If you cannot, read on and tell a friend: both are worth something to us.
F*3 {other}
= Juniper Flats Herald
F Local | State | Nation | World
F Sponsored by the merchants of Main Street
H {headline}
B Author: {author}
D Published {hour}:{minute} PM CDT {month} {day}, 2016
C CREDIT: {second}
~F Trending on the Herald
F*3 {other}
--
F Juniper Flats, TX -
F Close Ad
F Newsletter: the week in five minutes
F Something went wrong. Please try again later.
F By clicking you agree to our terms and confirm that you are over sixteen.
= Kingsbridge Mail
F Jump to navigation
F Edition: US
H {headline}
C {who} on stage ({second}, Kingsbridge Mail)
B {author} in {place}
~F PHOTO GALLERY: {other}
~F Click here to read the full list
--
F Comments are closed on this story.
F People also liked
F*4 {other}
F Kingsbridge Mail is part of the Three Rivers group, which publishes eleven weeklies and two radio programmes in the region and employs four hundred people.
F Cookie settings
= Larkspur Times
F Support independent news in Larkspur. Donate
H {headline}
F {n}
F +
B {author}
D Larkspur Times, {month} {day}
~F DON'T MISS
F {other}
F {other}
--
F Get the Larkspur Letter
F Each Friday our editor writes you a letter about what we learnt, what we got wrong, and what we are working on. It is free and it is short.
F Your email address
F Also on Larkspur Times
F*4 {other}
F ISSN 0000-0000
= Millstone Register
F Millstone Register - The news of the valley since 1871
H {headline}
B By {author}, Register Correspondent
C ABOVE: {who} in {place}.
--
F The Register has no paywall. It has {n} readers who give what they can, and it would close in a month without them.
F Are you one of them already? Thank you. If not, this would be a very good day to begin, because a friend of the paper doubles each gift until Sunday.
F YES, I'LL GIVE
F Maybe later
F More in Politics
F*3 {other}
= Northfield Sentinel
F Northfield Sentinel
F Sections
F E-paper
F Obituaries
F Jobs
H {headline}
D {day}/{day}/2016
B {author}, {second}
F {n} views
~F Continue reading below the advertisement
~F >> {other}
--
F >> {other}
F >> {other}
F Print this page
F Write a letter to the editor
F (c) Northfield Sentinel. Reproduction only with our written consent.
= Oakhurst Press
F Oakhurst Press +
F? You have {n} free articles left this month
H {headline}
B Report: {author}
C {who} (centre) with aides outside a hotel in {place} last month. Image: Press Agency
~F IN OTHER NEWS
F*2 {other}
--
F This story was first sent to members of the Oakhurst Press. Members read each investigation a day before everybody else, and meet its authors once a month in our office.
F Join us
F What do you think? Share your opinion below.
F Load more comments
= Pinecrest Journal
H {headline}
B {author}
F Pinecrest Journal Staff
D {hour}:{minute} AM, {month} {day}, 2016
F f
F t
F in
C {who} answers questions from reporters in {place}, in this picture from last spring.
~F (Scroll down for video)
~F Watch: {other}
--
F Pinecrest Journal thanks its sponsors: Lakeside Dental, Ford of Pinecrest, the Valley Credit Union.
F*5 {other}
F Unsubscribe at any time.
= Quarry Lane Review
F quarry lane review
F essays
F news
F shop
H {headline}
B {author}
--
F Did you enjoy this piece? It took its author eleven days, two trains and a hundred phone calls, and you can thank them by buying a copy of our next issue.
F Issue {n} is out now, with twelve new essays, a long poem and a map of every bridge in the county.
F Buy the issue
F stockists
F submissions
F imprint
= Riverton Dispatch
F RIVERTON DISPATCH ONLINE
F {other}  {other}
H {headline}
D {month} {day}, 2016, {hour}:{minute} a.m. ET
C {who} ({second}/Riverton Dispatch via Wire Photos)
B By {author} and {second}
~F More on this topic
F*3 {other}
~F? The Dispatch explains, in one minute a day, what happened and why you should care. Listen wherever you like.
--
F {second} contributed to this report.
F {author} joined the Dispatch in 2009 and covers the statehouse. Follow on Twitter @riverton{n}
F Today's headlines
F The most important stories of the day, chosen by our editors and sent before breakfast.
F*5 {other}
= Stonegate Argus
F The Argus
F Register | Log in
H {headline}
B {author} reports
~F Readers made this report possible. The Argus lives on gifts of fifteen dollars, and there were {n} of them last week.
F Chip in
--
F Corrections: an earlier version of a headline on our front page misspelt a name.
F Top stories right now
F*4 {other}
F Who we are
F Ethics
F Masthead
= Thornbury Advertiser
F ADVERTISER
F Cars Homes Jobs Pets
H {headline}
F 0 Comments
B By {author} newsroom@thornbury.example
D First published {month} {day}
C Picture: {who}
--
F Promoted stories
F*6 {other}
F These adverts let local shops reach you, our readers, and pay for the reporters who work for this town.
F Find out more about advertising with us, or book a notice online at any hour of the day.
F This website follows the code of its press council. If you have a complaint about accuracy or intrusion, then please contact the editor first.
= Upland Star
F upland star | independent since 1902
H {headline}
B Story by {author}; photographs by {second}
D Posted {month} {day}, 2016
C {who}. {second}/Upland Star
~F WHAT TO READ NEXT
F {other}
~F An appeal from our editor: we are {n} gifts away from keeping our second reporter. Will yours be the next one?
--
F Filed under: elections
F Upland Star is a paper without a printing press. Every cent goes to reporters, and you may look at our books on the first Monday of each month.
F Donate monthly
F Donate once
"""
