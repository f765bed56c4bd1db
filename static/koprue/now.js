// Moves "now and next" on by itself, counts down by the minute, and says politely when something begins or ends.
"use strict";
(() => {
  const root = document.querySelector("[data-moments]");
  const said = root.querySelector("[data-said]");
  const lists = Object.fromEntries(
    [...root.querySelectorAll("[data-moments-list]")].map((list) => [list.dataset.momentsList, list]),
  );
  const items = [...root.querySelectorAll("li[data-start]")];
  const start = (item) => Date.parse(item.dataset.start);
  const end = (item) => Date.parse(item.dataset.end);
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  items.sort((one, other) => start(one) - start(other) || end(one) - end(other));
  let known = null;

  function following(coming) {
    const first = new Map();
    for (const item of coming) {
      if (item.dataset.date === coming[0].dataset.date && !first.has(item.dataset.day)) {
        first.set(item.dataset.day, item);
      }
    }
    return [...first.values()];
  }

  function place(list, wanted) {
    list.replaceChildren(...wanted);
    list.hidden = wanted.length === 0;
    const none = list.parentElement.querySelector(":scope > [data-moments-none]");
    if (none) {
      none.hidden = wanted.length > 0;
    }
  }

  function inWords(list) {
    const title = list.parentElement.querySelector("h2").textContent;
    const parts = [...list.children].map((item) => {
      const clocks = [...item.querySelectorAll(".clocks__face")].map((face) => face.textContent.replace(/\s+/g, " ").trim());
      return `${item.querySelector("h3").textContent.trim()}, ${clocks.join(" / ")}`;
    });
    return parts.length ? `${title}: ${parts.join("; ")}.` : "";
  }

  function arrange(now) {
    const running = items.filter((item) => start(item) <= now && now < end(item));
    const coming = items.filter((item) => start(item) > now);
    const next = following(coming);
    const state = [...running, null, ...next].map((item) => (item ? items.indexOf(item) : "|")).join();
    if (state === known) {
      return;
    }
    const focused = document.activeElement;
    place(lists.now, running);
    place(lists.next, next);
    lists.later.replaceChildren(...items.filter((item) => !running.includes(item) && !next.includes(item)));
    const isOver = running.length + next.length === 0;
    root.querySelector("[data-moments-over]").hidden = !isOver;
    for (const block of root.querySelectorAll("[data-moments-block]")) {
      block.hidden = isOver;
    }
    if (focused && root.contains(focused) && document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
    }
    if (known !== null) {
      said.textContent = [inWords(lists.now), inWords(lists.next)].join(" ").trim();
    }
    known = state;
  }

  function until(moment, now) {
    const minutes = Math.max(1, Math.ceil((moment - now) / 60000));
    if (minutes < 90) {
      return format.format(minutes, "minute");
    }
    const hours = Math.round(minutes / 60);
    return hours < 48 ? format.format(hours, "hour") : format.format(Math.round(hours / 24), "day");
  }

  function count(list, moment, now) {
    for (const item of list.children) {
      const line = item.querySelector(".moments__count");
      const words = until(moment(item), now);
      const shown = line.querySelector("b");
      if (shown.textContent !== words) {
        shown.textContent = words;
      }
      line.hidden = false;
    }
  }

  function tick() {
    const now = Date.now();
    arrange(now);
    count(lists.now, end, now);
    count(lists.next, start, now);
  }

  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
})();
