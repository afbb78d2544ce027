(() => {
  const list = document.getElementById("blocks");
  if (!list) return;
  const items = Array.from(list.children);
  const find = document.getElementById("find");
  const show = document.getElementById("show");
  const why = document.getElementById("why");
  const count = document.getElementById("count");
  const texts = items.map(() => null);
  const text = (at) => (texts[at] ??= items[at].querySelector(".t").textContent.toLowerCase());
  const filter = () => {
    const words = find.value.trim().toLowerCase();
    let seen = 0;
    items.forEach((item, at) => {
      const fits = (!show.value || item.classList.contains(show.value)) &&
        (!why.value || item.dataset.r.split(" ").includes(why.value)) &&
        (!words || text(at).includes(words));
      if (item.hidden === fits) item.hidden = !fits;
      seen += fits;
    });
    count.textContent = seen === items.length ? seen + " blocks" : seen + " of " + items.length + " blocks";
  };
  let timer = 0;
  find.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 120);
  });
  show.addEventListener("change", filter);
  why.addEventListener("change", filter);
  document.getElementById("tools").addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  const step = (by) => {
    const here = document.activeElement.closest("#blocks li") ??
      (location.hash && document.querySelector("#blocks li:target"));
    let at = here ? items.indexOf(here) + by : by > 0 ? 0 : items.length - 1;
    while (items[at]?.hidden) at += by;
    items[at]?.querySelector("summary").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      find.focus();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
  const follow = () => {
    const item = location.hash && document.getElementById(location.hash.slice(1));
    if (!item || item.parentNode !== list) return;
    item.hidden = false;
    item.querySelector("details").open = true;
    item.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "yes";
})();
