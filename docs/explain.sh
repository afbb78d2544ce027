#!/bin/sh
# Makes docs/explain.png, the picture of a report in the README. Needs Chromium; run it from the root of the repository.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cargo run --quiet -- explain samples/spam/en-template-text/page.txt -o "$home/report.html"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking \
    --user-data-dir="$home/profile" --virtual-time-budget=3000 \
    --window-size=1000,900 --screenshot="$PWD/docs/explain.png" "file://$home/report.html"
