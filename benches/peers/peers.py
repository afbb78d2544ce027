"""Cleans all pages of a directory whenever a line comes in, and answers with the seconds that it took.

    python3 peers.py resiliparse|trafilatura DIR

Started by dehusk-peers. Reading and decoding are outside the time, as for the other tools.
"""
import pathlib
import sys
import time


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree
    return lambda text: extract_plain_text(HTMLTree.parse(text), main_content=True)


def trafilatura():
    from trafilatura import extract
    return lambda text: extract(text, with_metadata=True)


def main():
    tools = {"resiliparse": resiliparse, "trafilatura": trafilatura}
    try:
        tool = tools[sys.argv[1]]()
    except ImportError:
        print("missing", flush=True)
        return
    pages = [path.read_bytes().decode("utf-8", "replace") for path in sorted(pathlib.Path(sys.argv[2]).glob("*.html"))]
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        for page in pages:
            try:
                tool(page)
            except Exception:  # A page that a tool fails on costs what it took.
                pass
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
