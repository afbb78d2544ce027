"""Makes the files of this folder from its pages, with the tools that crawls are made with.

    pip install warcio pyarrow zstandard brotli && python3 samples/formats/make.py

The pages were written for this purpose. The files are committed, so that the tests need none of these tools.
"""
import base64
import gzip
import io
import json
import pathlib
import subprocess
import tarfile
import zlib

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = pathlib.Path(__file__).parent
PAGES = sorted((HERE / "pages").iterdir())
DATE = "2026-01-02T03:04:05Z"


def url(page):
    return f"https://example.org/{page.name}"


def chunked(body):
    out = b""
    for at in range(0, len(body), 700):
        part = body[at : at + 700]
        out += b"%x\r\n%s\r\n" % (len(part), part)
    return out + b"0\r\n\r\n"


def write_warc(file, packed):
    """Responses in every coding, and records that hold no page."""
    writer = WARCWriter(file, gzip=packed)
    codings = [
        ([], lambda body: body),
        ([("Content-Encoding", "gzip")], lambda body: gzip.compress(body, mtime=0)),
        ([("Content-Encoding", "br")], brotli.compress),
        ([("Content-Encoding", "deflate")], zlib.compress),
        ([("Transfer-Encoding", "chunked")], chunked),
    ]
    number = 0

    def record(kind, uri, body, headers=None, content_type=None):
        nonlocal number
        number += 1
        made = writer.create_warc_record(
            uri, kind, payload=io.BytesIO(body), http_headers=headers,
            warc_content_type=content_type or "",
            warc_headers_dict={"WARC-Date": DATE, "WARC-Record-ID": f"<urn:uuid:{number:036}>"},
        )
        writer.write_record(made)

    for index, page in enumerate(PAGES):
        headers, coding = codings[index % len(codings)]
        body = page.read_bytes()
        status = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        record("request", url(page), b"", StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True))
        record("response", url(page), coding(body), status)
    png = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
    record("response", "https://example.org/a.png", b"\x89PNG\r\n\x1a\n\0\0", png)
    moved = StatusAndHeaders("301 Moved", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    record("response", "https://example.org/old", b"<p>moved", moved)


def main():
    plain = io.BytesIO()
    write_warc(plain, False)
    plain = plain.getvalue()
    (HERE / "pages.warc").write_bytes(plain)
    with open(HERE / "pages.warc.gz", "wb") as file:
        write_warc(file, True)
    (HERE / "whole.warc.gz").write_bytes(gzip.compress(plain, mtime=0))

    # The dictionary in a frame of its own, then a frame for each record.
    records = [b"WARC/1.0" + part for part in plain.split(b"WARC/1.0")[1:]]
    raw = b"".join(records)[:2000]
    dictionary = zstandard.ZstdCompressionDict(raw, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, write_dict_id=False)
    frame = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw
    (HERE / "dictionary.warc.zst").write_bytes(frame + b"".join(map(compressor.compress, records)))

    text = "Ein Text ohne Auszeichnung, wie er in einer WET-Datei steht, mit zwei ganzen Sätzen. Das ist der zweite."
    wet = io.BytesIO()
    writer = WARCWriter(wet, gzip=True)
    for number, page in enumerate(PAGES[:2]):
        writer.write_record(writer.create_warc_record(
            url(page), "conversion", payload=io.BytesIO(text.encode()), warc_content_type="text/plain",
            warc_headers_dict={"WARC-Date": DATE, "WARC-Record-ID": f"<urn:uuid:{number:036}>"}))
    (HERE / "texts.warc.wet.gz").write_bytes(wet.getvalue())

    rows = [{"id": page.name, "url": url(page), "html": page.read_text()} for page in PAGES]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (HERE / "pages.jsonl").write_bytes(lines)
    (HERE / "pages.jsonl.zst").write_bytes(subprocess.run(["zstd", "-qc"], input=lines, stdout=-1, check=True).stdout
                                           if subprocess.run(["which", "zstd"], stdout=-1).returncode == 0
                                           else zstandard.ZstdCompressor().compress(lines))
    (HERE / "pages.jsonl.gz").write_bytes(subprocess.run(["gzip", "-nc"], input=lines, stdout=-1, check=True).stdout)
    (HERE / "array.json").write_text(json.dumps(rows, indent=1))
    packed = [{"address": row["url"], "page": base64.b64encode(row["html"].encode()).decode()} for row in rows]
    (HERE / "base64.jsonl").write_text("".join(json.dumps(row) + "\n" for row in packed))
    for codec in ["snappy", "zstd"]:
        pq.write_table(pa.Table.from_pylist(rows), HERE / f"{codec}.parquet", compression=codec, row_group_size=2)

    # Columns whose names fit and whose types do not.
    types = {
        "html": list(range(len(rows))),
        "id": pa.array([1.5] * len(rows)),
        "url": [True] * len(rows),
        "text": [row["html"] for row in rows],
    }
    pq.write_table(pa.table(types), HERE / "types.parquet", compression="zstd")

    with tarfile.open(HERE / "pages.tar", "w") as tar:
        for page in PAGES:
            member = tarfile.TarInfo(f"crawl/{page.name}")
            member.size = page.stat().st_size
            tar.addfile(member, io.BytesIO(page.read_bytes()))


main()
