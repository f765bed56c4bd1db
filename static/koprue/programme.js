// Marks what is running now, and copies the link to an item. The page is whole without it.
// It runs here because public pages are cached and the same for everybody.
"use strict";
(() => {
  function markNow(table) {
    const now = Date.now();
    for (const row of table.querySelectorAll("tbody tr[data-end]")) {
      const runs = Date.parse(row.dataset.start) <= now && now < Date.parse(row.dataset.end);
      row.classList.toggle("is-now", runs);
      const tag = row.querySelector(".tag--now");
      if (runs && !tag) {
        const made = document.createElement("span");
        made.className = "tag tag--now";
        made.textContent = table.dataset.now;
        row.querySelector(".schedule__item").prepend(made);
      } else if (!runs && tag) {
        tag.remove();
      }
    }
  }

  for (const table of document.querySelectorAll("table.schedule")) {
    markNow(table);
    setInterval(markNow, 30000, table);
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a.schedule__link");
    if (!link || !navigator.clipboard) {
      return;
    }
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return; // The address bar has it all the same.
    }
    const said = document.querySelector("[data-said]");
    said.textContent = link.dataset.copied;
    link.classList.add("is-copied");
    setTimeout(() => {
      said.textContent = "";
      link.classList.remove("is-copied");
    }, 4000);
  });
})();
