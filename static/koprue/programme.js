// Marks what is running now and adds "my time" for readers on a third clock. The page is whole without it;
// it runs here because public pages are cached and the same for everybody.
"use strict";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function isThirdClock(row) {
  const shown = [...row.querySelectorAll(".schedule__time time")].map((time) => time.textContent.trim());
  return shown.length > 0 && !shown.includes(clock.format(new Date(row.dataset.start)));
}

function head(scope, role) {
  const made = document.createElement("th");
  made.className = "schedule__time schedule__time--mine";
  made.scope = scope;
  made.setAttribute("role", role);
  return made;
}

function addMyTime(table) {
  const heads = table.querySelectorAll("thead .schedule__time");
  if (heads.length === 0) {
    return;
  }
  const column = head("col", "columnheader");
  column.textContent = table.dataset.myTime;
  heads[heads.length - 1].after(column);
  table.classList.add("schedule--three-clocks");
  for (const row of table.querySelectorAll("tbody tr")) {
    const times = row.querySelectorAll(".schedule__time");
    const last = times[times.length - 1];
    if (last.colSpan > 1) {
      last.colSpan += 1;
      continue;
    }
    const made = head("row", "rowheader");
    const time = last.querySelector("time").cloneNode();
    time.textContent = clock.format(new Date(time.dateTime));
    const label = document.createElement("span");
    label.className = "schedule__clock schedule__clock--mine";
    label.textContent = `${table.dataset.myTime} `;
    made.append(label, time);
    last.after(made);
  }
}

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
  const first = table.querySelector("tr[data-start]");
  if (first && isThirdClock(first)) {
    addMyTime(table);
  }
  markNow(table);
  setInterval(markNow, 30000, table);
}
