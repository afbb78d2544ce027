"""Cleans all pages of a directory whenever a line comes in, and answers with the seconds of the processor that
it took. With a step, every so many of the pages, by name.

    python3 peers.py resiliparse|trafilatura DIR [STEP]

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
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    paths = sorted(pathlib.Path(sys.argv[2]).rglob("*.html"))[:: max(step, 1)]
    pages = [path.read_bytes().decode("utf-8", "replace") for path in paths]
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.process_time()
        for page in pages:
            try:
                tool(page)
            except Exception:  # A page that a tool fails on costs what it took.
                pass
        print(time.process_time() - start, flush=True)


if __name__ == "__main__":
    main()
