#!/usr/bin/env python3
"""Train the block model and write its weights.

    python3 training/train.py DATA [--out src] [--cv-only] [--trees 140]

DATA is a folder of annotated sets, each with gold.jsonl and pages/ID.html. The features come from the program itself
(examples/train_data.rs), so that training and running see the same numbers. Prints the cross-validated word F1,
grouped by host, then fits on all training sets and writes html.weights, text.weights and those of the second model. The same data and versions
give the same files. See training/README.md.
"""
import argparse, hashlib, json, multiprocessing, os, pathlib, re, struct, subprocess, sys, tempfile
from collections import Counter, defaultdict

import lightgbm
import numpy as np

import commented

HERE = pathlib.Path(__file__).resolve().parent
TRAINED = ["wcxb", "aeb", "zh-article", "zh-forum", "readability"]
# The made-up set of commented.py.
MADE = "commented"
# Few pages of their kind and language, among many; pages that are there once more.
PAGE_WEIGHTS = {"zh-forum": 3.0, "zh-article": 1.5, MADE: 0.5}
MEASURED = ["dragnet", "cleaneval", "gn1", "trafi"]
FOLDS = 5
# Contributions are stored in units of this many log odds.
UNIT = 1 / 4096

PARAMS = dict(objective="cross_entropy", learning_rate=0.1, num_leaves=31, min_data_in_leaf=60, feature_fraction=0.25,
              bagging_fraction=0.7, bagging_freq=1, lambda_l2=5, max_bin=63, seed=1, num_threads=1,
              deterministic=True, force_row_wise=True, verbose=-1)

# The second model has few features, of which most speak of the same: small trees, held back more.
CONTEXT = dict(PARAMS, num_leaves=15, min_data_in_leaf=150, feature_fraction=0.4, lambda_l2=20)
CONTEXT_TREES = 80


# The kinds of page that the annotations tell apart, in the order of src/kind/mod.rs.
CLASSES = ["article", "collection", "documentation", "forum", "listing", "product", "service"]


def fold_of(host):
    return int(hashlib.md5(host.encode()).hexdigest(), 16) % FOLDS


class Data:
    """Rows of features with labels, weights and folds."""

    def __init__(self, folder):
        self.columns = (folder / "columns.txt").read_text().split("\n")
        self.x = np.fromfile(folder / "features.f32", dtype="<f4").reshape(-1, len(self.columns))
        rows = [line.rstrip("\n").split("\t") for line in open(folder / "blocks.tsv", encoding="utf-8")]
        self.sets = np.array([row[0] for row in rows])
        self.pages = np.array([row[0] + "/" + row[1] for row in rows])
        self.hosts = np.array([row[2] for row in rows])
        self.words = np.array([int(row[4]) for row in rows], dtype=float)
        self.hits = np.array([int(row[5]) for row in rows], dtype=float)
        share = self.hits / np.maximum(self.words, 1)
        # A few shared words are chance, a few missing ones are noise.
        self.labels = np.where(share < 0.25, 0, np.where(share > 0.9, 1, share))
        folds = {host: fold_of(host) for host in set(self.hosts)}
        self.folds = np.array([folds[host] for host in self.hosts])
        gold = Counter()
        for page, hits in zip(self.pages, self.hits):
            gold[page] += hits
        total = np.array([gold[page] for page in self.pages])
        # What a block weighs in its page's F1, in fear of single large blocks.
        weight = np.minimum(1.5, (self.words / (total + 50)) ** 0.7)
        # Thousands of short blocks hardly matter: take few of them, each for many.
        chance = np.clip(weight / 0.03, 1e-9, 1)
        weight *= np.array([PAGE_WEIGHTS.get(name, 1.0) for name in self.sets])
        self.taken = (np.random.RandomState(0).rand(len(weight)) < chance) & (weight > 0)
        self.weights = weight / chance

    def fit(self, rows, trees):
        return self.fit_to(self.x, rows, PARAMS, trees)

    def fit_context(self, context, rows):
        return self.fit_to(context, rows, CONTEXT, CONTEXT_TREES)

    def fit_to(self, x, rows, params, trees):
        rows = np.flatnonzero(rows & self.taken)
        train = lightgbm.Dataset(x[rows], self.labels[rows], weight=self.weights[rows], params=params)
        return lightgbm.train(params, train, trees)

    def cross_validate(self, x, params, trees):
        """Scores for every block from models that saw no page of its host; of sets not trained on, from all of them,
        averaged."""
        trained = np.isin(self.sets, [*TRAINED, MADE])
        scores = np.zeros(len(x), dtype="<f4")

        def fold(number):
            model = self.fit_to(x, trained & (self.folds != number), params, trees)
            own = trained & (self.folds == number)
            return own, model.predict(x[own]), model.predict(x[~trained])

        for own, mine, others in each_in_a_process(fold, range(FOLDS)):
            scores[own] = mine
            scores[~trained] += others / FOLDS
        return scores


def each_in_a_process(function, values):
    """`function` of every value, each in a process of its own that shares the memory of this one."""
    with multiprocessing.get_context("fork").Pool(min(os.cpu_count(), FOLDS), initializer=take, initargs=(function,)) as pool:
        return pool.map(call, values)


def take(function):
    call.function = function


def call(value):
    return call.function(value)


class Kinds:
    """The model of kinds of page: rows of a page each, with markup and flattened, from first scores by models that did not
    see its host."""

    PARAMS = dict(objective="multiclass", num_class=len(CLASSES), learning_rate=0.15, num_leaves=7, min_data_in_leaf=12,
                  feature_fraction=0.3, bagging_fraction=0.7, bagging_freq=1, lambda_l2=5, max_bin=63, seed=1,
                  num_threads=1, deterministic=True, force_row_wise=True, verbose=-1)
    TREES = 60

    def __init__(self, paths):
        lists = [[json.loads(line) for line in open(path, encoding="utf-8")] for path in paths]
        self.ends = np.cumsum([len(rows) for rows in lists])[:-1]
        rows = sum(lists, [])
        self.x = np.array([row["row"] for row in rows], dtype="<f4")
        self.sets = np.array([row["set"] for row in rows])
        self.folds = np.array([fold_of(row["host"]) for row in rows])
        known = {"aeb": "article", "zh-article": "article", "zh-forum": "forum"}
        kinds = [row["type"] or known.get(row["set"], "") for row in rows]
        self.y = np.array([CLASSES.index(kind) if kind in CLASSES else -1 for kind in kinds])
        # Flattened pages of all kinds look much alike: they must not blur those with markup. Made-up pages are articles all.
        made_or_flat = (np.arange(len(self.y)) >= self.ends[0]) | (self.sets == MADE)
        self.weights = np.where(made_or_flat, 0.2, 1.0)

    def fit(self, rows):
        rows = np.flatnonzero(rows & (self.y >= 0))
        train = lightgbm.Dataset(self.x[rows], self.y[rows], weight=self.weights[rows], params=self.PARAMS)
        return lightgbm.train(self.PARAMS, train, self.TREES)

    def cross_validate(self):
        """The probabilities of the kinds, rows of a page for each of the files, and the table of how often the likeliest is right."""
        trained = np.isin(self.sets, [*TRAINED, MADE])
        shares = np.zeros((len(self.x), len(CLASSES)), dtype="<f4")

        def fold(number):
            model = self.fit(trained & (self.folds != number))
            own = trained & (self.folds == number)
            return own, model.predict(self.x[own]), model.predict(self.x[~trained])

        for own, mine, others in each_in_a_process(fold, range(FOLDS)):
            shares[own] = mine
            shares[~trained] += others / FOLDS
        right = shares.argmax(1) == self.y
        markup = np.arange(len(self.y)) < self.ends[0]
        for index, name in enumerate(CLASSES):
            mine, flat = (trained & (self.y == index) & side for side in (markup, ~markup))
            print(f"  {name:<14} {right[mine].mean():.3f} of {mine.sum()} pages told, {right[flat].mean():.3f} as text", flush=True)
        return np.split(shares, self.ends)


def run(*args):
    subprocess.run([str(arg) for arg in args], check=True, cwd=HERE.parent)


def dump(sets, folder, flags):
    run("target/release/examples/train_data", "dump", folder, *flags, *sets)
    return Data(folder)


def first_scores(rows, trees, folder, flags):
    """Cross-validated scores of the first model into the folder, and what the model of kinds reads off them."""
    rows.cross_validate(rows.x, PARAMS, trees).tofile(folder / "first.f32")
    run("target/release/examples/train_data", "kinds", folder, folder / "first.f32", folder / "kinds.jsonl", *flags)


def second_scores(rows, shares, folder, flags):
    """Cross-validated scores of the second model into the folder, and what it read."""
    shares.tofile(folder / "kinds.f32")
    run("target/release/examples/train_data", "context", folder, folder / "first.f32", folder / "context.f32", *flags)
    names = (folder / "context.txt").read_text().split("\n")
    context = np.fromfile(folder / "context.f32", dtype="<f4").reshape(-1, len(names))
    rows.cross_validate(context, CONTEXT, CONTEXT_TREES).tofile(folder / "scores.f32")
    return context, names


def tokens(text):
    """As the scorer of the benchmark sets counts: words, and CJK characters one by one."""
    cjk = "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff" \
          "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
    return re.findall(rf"[{cjk}]|[^\W{cjk}]+", text.lower())


def snippets(text, gold):
    """How many snippets are rightly there, wrongly there and missing."""
    squeeze = lambda text: re.sub(r"\s+", " ", text).strip()
    text = squeeze(text)
    count = lambda wanted: sum(squeeze(snippet) in text for snippet in wanted)
    wanted, unwanted = gold.get("with") or [], gold.get("without") or []
    return np.array([count(wanted), count(unwanted), len(wanted) - count(wanted)])


def report(data, sets, predictions):
    """Mean word F1 a set, and a page type of the sets that have several."""
    for name in sets:
        found = {}
        for line in open(predictions / f"{name}.jsonl", encoding="utf-8"):
            row = json.loads(line)
            found[row["id"]] = row["text"]
        by_type = defaultdict(list)
        pooled = np.zeros(3)
        for line in open(data / name / "gold.jsonl", encoding="utf-8"):
            gold = json.loads(line)
            if "text" not in gold:
                pooled += snippets(found.get(gold["id"], ""), gold)
                continue
            a, b = Counter(tokens(found.get(gold["id"], ""))), Counter(tokens(gold["text"]))
            total = a.total() + b.total()
            by_type[gold.get("type") or "all"].append(2 * (a & b).total() / total if total else 1.0)
        if pooled.any():
            print(f"  {name:<12} {2 * pooled[0] / (2 * pooled[0] + pooled[1] + pooled[2]):.4f}  (snippets)", flush=True)
        every = [f1 for values in by_type.values() for f1 in values]
        if every:
            parts = ", ".join(f"{kind} {np.mean(v):.4f}" for kind, v in sorted(by_type.items())) if len(by_type) > 1 else ""
            print(f"  {name:<12} {np.mean(every):.4f}  {parts}", flush=True)


def encode(trees, columns):
    """Trees in the format of src/score/model.rs."""
    hashed = 0xCBF29CE484222325
    for byte in "\n".join(columns).encode():
        hashed = (hashed ^ byte) * 0x100000001B3 % 2**64
    out = struct.pack("<QIff", hashed, len(trees), 0.0, UNIT)
    unit = lambda value: max(-32768, min(32767, round(value / UNIT)))
    for tree in trees:
        inner, leaves = [], []

        def visit(node):
            if "split_index" not in node:
                leaves.append(unit(node["leaf_value"]))
                return -len(leaves)
            index = len(inner)
            inner.append(None)
            left, right = visit(node["left_child"]), visit(node["right_child"])
            # The largest float that is still on the left.
            threshold = np.float32(node["threshold"])
            if float(threshold) > node["threshold"]:
                threshold = np.nextafter(threshold, np.float32(-np.inf))
            inner[index] = struct.pack("<Hhhhf", node["split_feature"], left, right, unit(node["internal_value"]), threshold)
            return index

        visit(tree["tree_structure"])
        out += struct.pack("<H", len(inner)) + b"".join(inner) + struct.pack(f"<{len(leaves)}h", *leaves)
    return out


def write(model, columns, path):
    weights = encode(model.dump_model()["tree_info"], columns)
    path.write_bytes(weights)
    print(f"{path.name}: {len(weights)} bytes", flush=True)


def write_kinds(kinds, columns, path):
    """A model a class, one after another."""
    trees = kinds.fit(np.isin(kinds.sets, [*TRAINED, MADE])).dump_model()["tree_info"]
    weights = b"".join(encode(trees[index::len(CLASSES)], columns) for index in range(len(CLASSES)))
    path.write_bytes(weights)
    print(f"{path.name}: {len(weights)} bytes", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "src", help="the folder of score and kind")
    parser.add_argument("--trees", type=int, default=140)
    parser.add_argument("--cv-only", action="store_true", help="print the table only")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the features, scores and cross-validated texts")
    args = parser.parse_args()
    data = args.data.resolve()
    run("cargo", "build", "--release", "--quiet", "--example", "train_data")
    measured = [name for name in MEASURED if (data / name).is_dir()]
    sets = TRAINED + measured
    modes = {"html": [], "text": ["--text"]}
    with tempfile.TemporaryDirectory() as temporary:
        kept = args.keep.resolve() if args.keep else pathlib.Path(temporary)
        folders = {mode: kept / mode for mode in modes}
        made = pathlib.Path(temporary) / MADE
        commented.write(data, made)
        every = [*(data / name for name in sets), made]
        rows = {mode: dump(every, folders[mode], flags) for mode, flags in modes.items()}
        for mode, flags in modes.items():
            first_scores(rows[mode], args.trees, folders[mode], flags)
        kinds = Kinds([folder / "kinds.jsonl" for folder in folders.values()])
        print("kinds of page", flush=True)
        shares = dict(zip(modes, kinds.cross_validate()))
        if not args.cv_only:
            names = (folders["html"] / "kinds.txt").read_text().split("\n")
            write_kinds(kinds, names, args.out / "kind/kind.weights")
        for mode, flags in modes.items():
            folder, own = folders[mode], rows[mode]
            context, names = second_scores(own, shares[mode], folder, flags)
            run("target/release/examples/train_data", "clean", folder, folder / "scores.f32", folder / "out", *flags)
            print(f"{mode}: word F1, {FOLDS} folds by host" + (" (old sets, trafi: not trained on)" if measured else ""))
            report(data, sets, folder / "out")
            if not args.cv_only:
                trained = np.isin(own.sets, [*TRAINED, MADE])
                write(own.fit(trained, args.trees), own.columns, args.out / f"score/{mode}.weights")
                write(own.fit_context(context, trained), names, args.out / f"score/{mode}-context.weights")


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    main()
