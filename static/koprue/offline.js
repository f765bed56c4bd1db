// Lets the public pages be read again without a network, and says how old a copy is. Loaded by public pages only.
"use strict";
(() => {
  const { kept } = document.documentElement.dataset;
  const language = document.documentElement.lang;

  function age(then) {
    const minutes = Math.round((Date.now() - then) / 60000);
    const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    if (minutes < 90) {
      return format.format(-minutes, "minute");
    }
    const hours = Math.round(minutes / 60);
    return hours < 48 ? format.format(-hours, "hour") : format.format(-Math.round(hours / 24), "day");
  }

  function onBothClocks(then, notice) {
    const labels = notice.dataset.labels.split("|");
    const shown = notice.dataset.zones.split("|").map((timeZone, place) => {
      const format = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short", timeZone, hourCycle: "h23" });
      return `${format.format(then)} ${labels[place]}`;
    });
    return shown.join(" / ");
  }

  function sayHowOld(notice) {
    const then = new Date(kept);
    notice.querySelector("[data-kept-age]").textContent = age(then);
    notice.querySelector("[data-kept-clocks]").textContent = onBothClocks(then, notice);
    notice.hidden = false;
  }

  async function listCopies(list) {
    const cache = await caches.open("koprue-pages");
    const rows = [];
    for (const request of await cache.keys()) {
      const page = new DOMParser().parseFromString(await (await cache.match(request)).text(), "text/html");
      if (page.documentElement.lang === language && !request.url.includes("/offline/")) {
        const link = document.createElement("a");
        link.href = request.url;
        link.textContent = page.title;
        const row = document.createElement("li");
        row.append(link);
        rows.push(row);
      }
    }
    if (rows.length) {
      list.replaceChildren(...rows);
    }
  }

  function filesOfThisPage() {
    return performance.getEntriesByType("resource").map((entry) => entry.name);
  }

  async function keepThisPage() {
    await navigator.serviceWorker.register("/service-worker.js");
    const worker = await navigator.serviceWorker.ready;
    if (!kept) {
      worker.active.postMessage({ keep: [location.href, `/${language}/offline/`, ...filesOfThisPage()] });
    }
  }

  const notice = document.querySelector("[data-kept-notice]");
  if (kept && notice) {
    sayHowOld(notice);
  }
  const list = document.querySelector("[data-kept-pages]");
  if (list && "caches" in window) {
    listCopies(list);
  }
  if ("serviceWorker" in navigator) {
    // After the first view: the copy for later must not slow it down.
    window.addEventListener("load", () => keepThisPage().catch(() => {}));
  }
})();
