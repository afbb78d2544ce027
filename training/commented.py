"""Articles with made-up discussions below them.

Pages of today load reader comments by script, so that the annotated sets have few of them in the markup; older pages
and crawls that ran scripts have many, often more words than the article. Without them a model takes a post with a
hundred comments for a thread. `write(DATA, OUT)` makes a set of every other annotated article, with a discussion behind
its body, in the markup of blog engines, of table layouts and of nothing in particular. What the readers say are posts of
the annotated forums. The gold text stays that of the article.
"""
import html, json, random, re, zlib

SETS = ["wcxb", "aeb", "zh-article"]
NAMES = ("Alex Ben Carla Dmitri Elena Farid Greta Hugo Ines Jonas Kavita Liam Mona Nils Olga Pedro Quentin Rosa Sven "
         "Tanja Uma Viktor Wendy Xavier Yara Zoe 小明 王磊 晓燕 Юрий Ольга").split()
HANDLES = "bluefox rustybike old_sailor nightowl mrtea quietmouse pixelpusher runner jazzcat gardengate".split()
MONTHS = "January February March April May June July August September October November December".split()

# How a discussion is announced, with its number of comments; how it ends.
HEADS = {
    "en": ["{n} Comments", "{n} comments:", "Comments ({n})", "{n} Responses to “{t}”", "Reader comments", "{n} Replies to {t}",
           "Discussion", "What do you think?", "{n} thoughts on “{t}”", "Comments", ""],
    "zh": ["评论 ({n})", "网友评论", "全部评论{n}条", "最新评论", ""],
}
TAILS = {
    "en": ["Leave a comment | Name (required) | Mail (will not be published) | Website", "Post a Comment | Older Post | Home",
           "Leave a Reply | Your email address will not be published.", "Log in to comment", "Comments are closed.", "Add your comment", ""],
    "zh": ["发表评论 | 昵称 | 提交", "登录后才能评论", ""],
}
NONE = {"en": ["No comments yet.", "No comments:", "0 comments", "Be the first to comment"], "zh": ["暂无评论", "还没有评论，快来抢沙发吧"]}
ACTIONS = {"en": ["Reply", "Permalink", "Report", "Like", "Quote", ""], "zh": ["回复", "举报", "顶", ""]}

# The comment of a page's design: {a} author, {d} date, {x} its paragraphs, {r} what can be done with it, {i} its number.
# The marks in classes and ids go where a page has no telling names.
DESIGNS = [
    ("<ol class=commentlist>{}</ol>", "<li class='comment even' id=comment-{i}><div class=comment-author><cite>{a}</cite> says:</div>"
     "<div class=comment-meta><a href='#comment-{i}'>{d}</a></div>{x}<div class=reply><a href='#r{i}'>{r}</a></div></li>"),
    ("<dl id=comments-block>{}</dl>", "<dt class=comment-author><a href='/u/{i}'>{a}</a> said...</dt><dd class=comment-body>{x}</dd>"
     "<dd class=comment-footer><a href='#c{i}'>{d}</a></dd>"),
    ("<div id=comments>{}</div>", "<div class=comment><p><b>{a}</b> {d}</p>{x}<p><a href='#{i}'>{r}</a></p></div>"),
    ("<table width='100%'>{}</table>", "<tr><td valign=top><font size=1>{a}<br>{d}</font></td><td>{x}</td></tr>"),
    ("{}", "<p><b>{a}</b> | {d}</p>{x}<hr>"),
    ("<section class=comments>{}</section>", "<article class=comment><header><h4>{a}</h4><time>{d}</time></header>{x}<footer>{r}</footer></article>"),
    ("<div class=responses>{}</div>", "<div class=response-item><div class=text>{x}</div><span class=by>Posted by {a} at {d}</span></div>"),
    ("<ul class=discussion>{}</ul>", "<li><h5>{a}</h5>{x}<small>{d}</small> <a href='#{i}'>{r}</a></li>"),
]


def is_chinese(text):
    return len(re.findall("[\u4e00-\u9fff]", text[:2000])) > 200


def posts(data):
    """Paragraphs of annotated forum posts, Chinese ones apart."""
    found = {"en": [], "zh": []}
    for name in ["wcxb", "zh-forum"]:
        for line in open(data / name / "gold.jsonl", encoding="utf-8"):
            row = json.loads(line)
            if row.get("type", "forum") == "forum" and row.get("text"):
                lines = [line.strip() for line in row["text"].split("\n")]
                language = "zh" if is_chinese(row["text"]) else "en"
                found[language] += [line for line in lines if 15 <= len(line) <= 900]
    return found


def date(draw):
    year, month, day, hour, minute = draw.randint(2004, 2024), draw.randint(1, 12), draw.randint(1, 28), draw.randint(0, 23), draw.randint(0, 59)
    name = MONTHS[month - 1]
    return draw.choice([f"{name} {day}, {year} at {hour % 12 + 1}:{minute:02} pm", f"{day} {name[:3]} {year}", f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}",
                        f"{day:02}.{month:02}.{year}", f"{draw.randint(2, 11)} months ago", f"{month}/{day}/{year} {hour:02}:{minute:02}"])


def discussion(draw, said, title, language):
    """Markup of a discussion."""
    count = 0 if draw.random() < 0.12 else round(2 ** draw.uniform(0, 6.3))
    outer, inner = draw.choice(DESIGNS)
    if draw.random() < 0.4:
        strip = lambda markup: re.sub(r" (?:class|id)=(?:'[^']*'|[\w{}-]+)", "", markup)
        outer, inner = strip(outer), strip(inner)
    action = draw.choice(ACTIONS[language])
    head = draw.choice(HEADS[language] if count else NONE[language]).format(n=count, t=html.escape(title))
    # Without a head, a date or names, nothing tells what readers say from what the author says.
    stamp = not head or draw.random() < 0.85
    comments = []
    for number in range(count):
        author = draw.choice(NAMES) if draw.random() < 0.6 else draw.choice(HANDLES) + str(draw.randint(1, 99))
        paragraphs = [html.escape(draw.choice(said[language])) for _ in range(draw.choice([1, 1, 1, 2, 3]))]
        between = draw.choice(["</p><p>", "<br><br>"])
        comments.append(inner.format(a=author, d=date(draw) if stamp else "", x="<p>" + between.join(paragraphs) + "</p>", r=action, i=number + 1))
    level = draw.choice(["h2", "h3", "h4", "p", "div"])
    tail = "".join(f"<p>{part}</p>" for part in draw.choice(TAILS[language]).split(" | "))
    return (f"<{level}>{head}</{level}>" if head else "") + (outer.format("".join(comments)) if count else "") + tail


def shortened(draw, page, gold):
    """The page and its gold text with the first few paragraphs only: a short post drowns in what its readers say."""
    squeeze = lambda text: " ".join(text.split())
    lines = {squeeze(line) for line in gold.split("\n") if len(line.strip()) >= 40}
    kept, gone = draw.choice([1, 1, 2, 3]), []

    def paragraph(match):
        nonlocal kept
        text = squeeze(html.unescape(re.sub(r"<[^>]*>", "", match[0])))
        if text not in lines:
            return match[0]
        kept -= 1
        if kept >= 0:
            return match[0]
        gone.append(text)
        return ""

    page = re.sub(r"(?is)<p\b[^>]*>(?:(?!</?p\b).)*</p>", paragraph, page)
    return page, "\n".join(line for line in gold.split("\n") if squeeze(line) not in gone)


def behind_body(draw, page, gold):
    """A place behind the last words of the gold text and some closing tags; nothing if they are not found."""
    lines = [line.strip() for line in gold.split("\n") if len(line.strip()) >= 20]
    for line in reversed(lines[-6:]):
        at = page.rfind(line[-30:])
        if at > 0:
            break
    else:
        return None
    ends = [match.end() for match in re.finditer(r"</(?:p|div|section|article|td|table|ul|blockquote)>", page[at : at + 20_000])]
    return at + ends[min(draw.choice([0, 0, 1, 2, 3]), len(ends) - 1)] if ends else None


def write(data, out):
    """The set in the form of the others."""
    said = posts(data)
    (out / "pages").mkdir(parents=True)
    with open(out / "gold.jsonl", "w", encoding="utf-8") as gold:
        for name in SETS:
            for line in open(data / name / "gold.jsonl", encoding="utf-8"):
                row = json.loads(line)
                draw = random.Random(zlib.crc32(f"{name}/{row['id']}".encode()))
                if row.get("type", "article") != "article" or not row.get("text") or draw.random() < 0.5:
                    continue
                page = (data / name / "pages" / f"{row['id']}.html").read_bytes().decode("utf-8", "replace")
                text = row["text"]
                if draw.random() < 0.5:
                    page, text = shortened(draw, page, text)
                at = behind_body(draw, page, text)
                if at is None or "\ufffd" in page:
                    continue
                language = "zh" if is_chinese(row["text"]) else "en"
                page = page[:at] + discussion(draw, said, row.get("title") or "", language) + page[at:]
                key = f"{name}-{row['id']}"
                (out / "pages" / f"{key}.html").write_text(page, encoding="utf-8")
                # Folds go by host, and by id where there is none.
                url = row.get("url") or f"https://{row['id']}/"
                gold.write(json.dumps(dict(id=key, url=url, type="article", text=text)) + "\n")
