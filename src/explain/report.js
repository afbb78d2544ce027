(() => {
  const $ = (id) => document.getElementById(id);
  const [list, find, show, why, plot] = ["blocks", "find", "show", "why", "plot"].map($);
  if (!list) return;
  const SHOWN = 500;

  // A row is an element, or its markup until it is looked at; none of the page's own markup is in it.
  const escaped = { "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&" };
  const rows = Array.from(list.querySelectorAll("li"), (item) => ({
    item, marks: item.className, reasons: item.dataset.r, words: item.querySelector("span").textContent.toLowerCase(),
  }));
  for (const rest of list.querySelectorAll("noscript")) {
    for (const markup of rest.textContent.split("<li ").slice(1)) {
      const [, marks, reasons, words] = markup.match(/class="(.*?)" data-r="(.*?)".*?<span dir=auto>([^]*?)<\/span>/);
      const plain = words.replace(/<\/?del>/g, "").replace(/&[^;]+;/g, (name) => escaped[name]);
      rows.push({ markup: "<li " + markup, marks, reasons, words: plain.toLowerCase() });
    }
    rest.remove();
  }
  const element = (row) =>
    row.item ??= new DOMParser().parseFromString(row.markup, "text/html").querySelector("li");

  let fitting = rows;
  let from = 0;
  const draw = () => {
    const to = Math.min(from + SHOWN, fitting.length);
    list.replaceChildren(...fitting.slice(from, to).map(element));
    $("pages").hidden = fitting.length <= SHOWN;
    $("earlier").disabled = from === 0;
    $("later").disabled = to === fitting.length;
    const part = fitting.length > SHOWN ? `${from + 1} to ${to} of ` : "";
    const all = fitting.length === rows.length ? "" : ` of ${rows.length}`;
    $("count").textContent = `${part}${fitting.length}${all} blocks`;
  };
  const filter = () => {
    const words = find.value.trim().toLowerCase();
    fitting = rows.filter((row) =>
      (!show.value || row.marks.split(" ").includes(show.value)) &&
      (!why.value || row.reasons.split(" ").includes(why.value)) &&
      (!words || row.words.includes(words)));
    from = 0;
    draw();
  };
  const turn = (by) => {
    from += by;
    draw();
    $("tools").scrollIntoView();
  };
  let timer = 0;
  find.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 120);
  });
  show.addEventListener("change", filter);
  why.addEventListener("change", filter);
  $("earlier").addEventListener("click", () => turn(-SHOWN));
  $("later").addEventListener("click", () => turn(SHOWN));
  $("tools").addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  for (const link of document.querySelectorAll("[data-why]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      [find.value, show.value, why.value] = ["", "", link.dataset.why];
      filter();
      $("tools").scrollIntoView();
      why.focus({ preventScroll: true });
    });
  }

  // The plot and the list show where the other one is.
  const columns = Array.from(plot.querySelectorAll("a"));
  const share = Number(plot.dataset.share);
  let column = -1;
  const mark = (at) => {
    column = Math.max(0, Math.min(columns.length - 1, at));
    $("here").setAttribute("x", columns[column].firstChild.getAttribute("x"));
    const row = rows[column * share];
    const words = row ? row.words.trim() : "";
    const told = row ? element(row).querySelector("span").textContent.trim().slice(0, 90) : "";
    $("at").textContent = columns[column].querySelector("title").textContent +
      (words ? " · " + told + (words.length > 90 ? "…" : "") : "");
  };
  const number = (node) => Number(node.closest("#blocks li")?.id.slice(1) ?? -1);
  list.addEventListener("focusin", (event) => mark(Math.floor(number(event.target) / share)));
  plot.addEventListener("pointermove", (event) => {
    const link = event.target.closest("a");
    if (link) mark(columns.indexOf(link));
  });
  plot.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -columns.length, End: columns.length }[event.key];
    if (by) {
      event.preventDefault();
      mark(column + by);
    } else if (event.key === "Enter" && column >= 0) go(column * share);
  });

  const go = (at) => {
    if (!rows[at]) return;
    if (!fitting.includes(rows[at])) {
      [find.value, show.value, why.value] = ["", "", ""];
      filter();
    }
    reach(rows[at]);
    const item = rows[at].item;
    item.querySelector("details").open = true;
    item.querySelector("summary").focus({ preventScroll: true });
    item.scrollIntoView({ block: "center" });
  };
  const reach = (row) => {
    const at = fitting.indexOf(row);
    if (at >= from && at < from + SHOWN) return;
    from = at - (at % SHOWN);
    draw();
  };
  const follow = () => {
    const at = /^#b(\d+)$/.exec(location.hash);
    if (at) go(Number(at[1]));
  };
  plot.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    history.replaceState(null, "", link.getAttribute("href"));
    follow();
  });
  addEventListener("hashchange", follow);

  const step = (by) => {
    const here = rows[number(document.activeElement)];
    const at = here ? fitting.indexOf(here) + by : by > 0 ? from : fitting.length - 1;
    if (!fitting[at]) return;
    reach(fitting[at]);
    fitting[at].item.querySelector("summary").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select")) {
      if (event.key === "Escape") event.target.blur();
    } else if (event.key === "/") {
      event.preventDefault();
      find.focus();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });

  // A block that is opened gets a bar for each feature, and what the feature means.
  const meanings = new Map(Array.from($("features").rows, (row) => Array.from(row.cells, (cell) => cell.textContent)));
  list.addEventListener("toggle", (event) => {
    for (const feature of event.target.querySelectorAll(".f span:not(.drawn)")) {
      const weight = Number(feature.firstChild.data.trim().replace("−", "-"));
      const bar = document.createElement("u");
      bar.style.width = Math.min(Math.abs(weight), 3) / 3 * 6 + "rem";
      bar.className = weight < 0 ? "minus" : "plus";
      const meaning = document.createElement("small");
      meaning.textContent = meanings.get(feature.querySelector("code").textContent) ?? "";
      feature.querySelector("code").before(bar);
      feature.append(meaning);
      feature.classList.add("drawn");
    }
  }, true);

  if (rows.length > SHOWN) draw();
  follow();
  document.documentElement.dataset.ready = "yes";
})();
