"""Pages that are there once more, changed: what the annotated ones lack and crawls are full of.

`write(DATA, OUT)` makes three sets in the form of the others, each of part of the annotated pages, drawn by their names:
`commented` (src: commented.py) has discussions below articles, `spammed` has spam planted by the project's own kit, `bare` has
neither class names nor elements that say what they hold. The gold text stays.
"""
import json, random, re, subprocess, zlib

import commented

SETS = ["commented", "spammed", "bare"]

TAG = re.compile(r"</?[A-Za-z][^>]*>")
NAMES = re.compile(r"""\s(?:class|id|role|itemprop|itemtype|aria-label|data-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.I)
TELLING = re.compile(r"^(</?)(?:article|main|nav|aside|header|footer|section|figure)\b", re.I)


def strip(page):
    """A page as older or other makers write it."""
    return TAG.sub(lambda tag: TELLING.sub(r"\1div", NAMES.sub("", tag[0])), page)


class Source:
    """The annotated pages of some sets."""

    def __init__(self, data, sets):
        self.data, self.sets = data, sets

    def pages(self, share, salt):
        """So many of them, each with its row and its source of chance."""
        for name in self.sets:
            for line in open(self.data / name / "gold.jsonl", encoding="utf-8"):
                row = json.loads(line)
                draw = random.Random(zlib.crc32(f"{salt}/{name}/{row['id']}".encode()))
                path = self.data / name / "pages" / f"{row['id']}.html"
                page = path.read_bytes().decode("utf-8", "replace")
                if row.get("text") and draw.random() < share and "\ufffd" not in page:
                    yield name, row, page, draw


def write_set(folder, pages):
    """A set of pages with the rows of the pages that they are made from."""
    (folder / "pages").mkdir(parents=True)
    with open(folder / "gold.jsonl", "w", encoding="utf-8") as gold:
        for name, row, page in pages:
            key = f"{name}-{row['id']}"
            (folder / "pages" / f"{key}.html").write_text(page, encoding="utf-8")
            # Folds go by host, and by id where there is none.
            url = row.get("url") or f"https://{row['id']}/"
            gold.write(json.dumps(dict(id=key, url=url, type=row.get("type"), text=row["text"])) + "\n")


def discussed(source):
    said = commented.posts(source.data)
    for name, row, page, draw in source.pages(0.5, "commented"):
        if row.get("type", "article") == "article":
            page = commented.add(draw, page, row, said)
            if page is not None:
                yield name, dict(row, type="article"), strip(page) if draw.random() < 0.4 else page


def spammed(source, kit, folder):
    """Articles with what `dehusk spam-kit` plants, its words and looks for development."""
    chosen = {}
    clean = folder / "clean"
    clean.mkdir(parents=True)
    for name, row, page, _ in source.pages(0.5, "spammed"):
        if row.get("type", "article") == "article":
            chosen[f"{name}-{row['id']}"] = (name, row)
            (clean / f"{name}-{row['id']}.html").write_text(page, encoding="utf-8")
    out = folder / "kit"
    subprocess.run([kit, "spam-kit", "inject", *sorted(clean.iterdir()), "-o", out, "--half", "development"], check=True)
    for key, (name, row) in chosen.items():
        # It leaves out pages in which it finds no body.
        page = out / "pages" / f"{key}.html"
        if page.exists():
            yield name, dict(row, type="article"), page.read_text(encoding="utf-8")


def write(data, out, kit):
    """The folders of the sets made of those in DATA, `kit` being the program."""
    articles = Source(data, ["wcxb", "aeb", "zh-article"])
    every = Source(data, ["wcxb", "aeb", "zh-article", "zh-forum"])
    folders = [out / name for name in SETS]
    write_set(folders[0], discussed(articles))
    write_set(folders[1], spammed(articles, kit, out / "spam-kit"))
    write_set(folders[2], ((name, row, strip(page)) for name, row, page, _ in every.pages(0.35, "bare")))
    return folders
