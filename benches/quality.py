"""Word F1 of other extractors on annotated sets, for the table in the README.

    pip install trafilatura resiliparse lxml_html_clean
    python3 benches/quality.py SET...

A SET is a folder with `gold.jsonl` (rows of `id`, `url`, `text`) and `pages/ID.html`; dehusk's own figure on it is
that of `dehusk check --gold SET/gold.jsonl --pages SET/pages`. Words are counted as there: runs of letters, digits
and `_` in lower case, Chinese, Japanese and Korean characters one by one. Every tool runs with its defaults.
"""

import json
import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
import trafilatura

CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
WORD = re.compile(rf"[{CJK}]|[^\W{CJK}]+")


def words(text):
    return Counter(WORD.findall(text.lower()))


def f1(found, gold):
    shared = sum((found & gold).values())
    both = sum(found.values()) + sum(gold.values())
    return 2 * shared / both if both else 1.0


def resiliparse_text(page, _url):
    return extract_plain_text(bytes_to_str(page, detect_encoding(page)), main_content=True)


def trafilatura_text(page, url):
    return trafilatura.extract(page, url=url) or ""


TOOLS = {"trafilatura": trafilatura_text, "resiliparse": resiliparse_text}


def measure(task):
    page, url, gold = task
    gold = words(gold)
    return [f1(words(tool(page.read_bytes(), url)), gold) for tool in TOOLS.values()]


def main(folders):
    with ProcessPoolExecutor() as pool:
        for folder in map(Path, folders):
            rows = [json.loads(line) for line in (folder / "gold.jsonl").open()]
            tasks = [(folder / "pages" / f"{row['id']}.html", row.get("url"), row["text"]) for row in rows]
            results = list(pool.map(measure, tasks, chunksize=8))
            means = [sum(column) / len(results) for column in zip(*results)]
            print(folder.name, len(results), *(f"{name} {mean:.4f}" for name, mean in zip(TOOLS, means)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
