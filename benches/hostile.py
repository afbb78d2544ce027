"""Cleans pages that are hard on parsers, or merely long, and prints processor time a megabyte, slowest first.

    python3 benches/hostile.py target/release/dehusk [NAME...]

Each input is cleaned in a process of its own; what an almost empty page takes is subtracted. Inputs of less than a
megabyte are cleaned in many copies by one process, so that starting it does not count.
"""
import pathlib
import resource
import subprocess
import sys
import tempfile

SENTENCE = "The sea rises and falls twice a day, drawn by the moon. "
TEN_MEGABYTES = 10_000_000 // len(SENTENCE)


def numbered(count, text):
    return "".join(text.replace("#", str(number)) for number in range(count))


PAGES = {
    "nested div": "<div>" * 100_000,
    "nested ul": "<ul><li>" * 10_000,
    "nested dl": "<dl><dd>" * 10_000,
    "nested b of different ids": numbered(5_000, "<b id=#>"),
    "nested a b": "<a><b>" * 20_000,
    "nested a div": "<a><div>" * 5_000,
    "unknown end tags": "<span>" * 10_000 + "</x>" * 10_000,
    "font flood": "<p>" + numbered(1_000, "<font size=#>") + "</p>" + "<p>x</p>" * 1_000,
    "40,000 attributes": "<p " + numbered(40_000, "a#=1 ") + ">x",
    "new element names": numbered(200_000, "<e#>x</e#>"),
    "ampersands": "&" * 5_000_000,
    "less-thans": "<" * 5_000_000,
    "zero bytes": "\0" * 2_000_000,
    "foster text": "<table>" + "x<tr>" * 50_000,
    "foster div": "<table>" + "<div>x</div>" * 50_000,
    "nested span": "<span>" * 200_000 + "x",
    "nested table": "<table><tr><td>" * 5_000 + "x",
    "50,000 paragraphs": numbered(50_000, f"<p>{SENTENCE}#</p>"),
    "100,000 items": "<ul>" + numbered(100_000, "<li>Item #") + "</ul>",
    "100,000 linked items": "<ul>" + numbered(100_000, "<li><a href=/#>Item number #</a>") + "</ul>",
    "100,000 links in a line": "<p>" + numbered(100_000, "<a href=/#>Item #</a> "),
    "100,000 cells": "<table>" + numbered(50_000, "<tr><td>#<td>b") + "</table>",
    "text node": "<p>" + SENTENCE * TEN_MEGABYTES,
    "text node without blanks": "<p>" + "x" * 10_000_000,
    "comment": "<!--" + "x-" * 5_000_000,
    "script": "<script>" + "x<" * 5_000_000,
    "classes with rules": "<style>" + numbered(30_000, ".c#{display:none}") + "</style>"
    + numbered(30_000, f"<p class=c#>{SENTENCE}"),
    "deep rules": "<style>" + "div div div p b{display:none}" * 15_000 + "</style>" + "<div>" * 300
    + f"<p>{SENTENCE}<b>x</b>" * 20_000,
}
TEXTS = {
    "one line": SENTENCE * TEN_MEGABYTES,
    "lines": numbered(150_000, f"{SENTENCE}#\n"),
    "short lines": numbered(500_000, "Item #\n"),
    "paragraphs": numbered(150_000, f"{SENTENCE}#\n\n"),
    "bars": "x | " * 2_500_000,
    "wide gaps": "x  " * 3_000_000,
    "line ends": "\n" * 10_000_000,
    "keywords": SENTENCE + "\n\n" + "The sea rises and falls twice a day buy cheap payday loans by the moon. " * 40_000,
}


def seconds(program, folder):
    """Processor time of a run that cleans the files of a folder."""
    command = [program, "clean", folder, "-o", "-", "--format", "jsonl", "--jobs", "1"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(program, extension, text, times):
    """The same for so many copies of an input."""
    with tempfile.TemporaryDirectory() as folder:
        for copy in range(times):
            (pathlib.Path(folder) / f"{copy}{extension}").write_text(text)
        return seconds(program, folder)


def main():
    program, names = sys.argv[1], sys.argv[2:]
    inputs = [(name, ".html", f"<!DOCTYPE html><title>Tides</title>{page}") for name, page in PAGES.items()]
    inputs += [(name, ".txt", text) for name, text in TEXTS.items()]
    rows = []
    start = min(measure(program, ".html", "<p>x", 1) for _ in range(3))
    for name, extension, text in inputs:
        if names and name not in names:
            continue
        megabytes = len(text.encode()) / 1e6
        times = max(1, round(2 / megabytes))
        taken = (measure(program, extension, text, times) - start) / times
        rows.append((1000 * taken / megabytes, name + extension, megabytes))
    for rate, name, megabytes in sorted(rows, reverse=True):
        print(f"{rate:8.1f} ms a MB  {megabytes:6.2f} MB  {name}")


if __name__ == "__main__":
    main()
