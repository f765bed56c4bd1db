// Leads readers who live by neither clock of the conference to the page with a third one, before anything is drawn,
// so that nothing jumps. The page is whole without it; the server draws all clocks.
"use strict";
(() => {
  const { zones, days } = document.currentScript.dataset;
  const KEY = "clock";
  // What machines, search engines and browsers that hide their reader's place say.
  const NOBODYS = /^(Etc\/.*|UTC|GMT)$/;

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function remember(value) {
    try {
      localStorage.setItem(KEY, value);
    } catch {
      // Where nothing may be stored, the address alone carries the choice.
    }
  }

  function reading(zone, day) {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
    return format.format(new Date(`${day}T12:00Z`));
  }

  function isShown(own) {
    return zones.trim().split(" ").some((zone) => days.split(" ").every((day) => reading(zone, day) === reading(own, day)));
  }

  function wanted() {
    const chosen = remembered();
    if (chosen) {
      return chosen;
    }
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return own && !NOBODYS.test(own) && !isShown(own) ? own : "none";
  }

  const here = new URL(location.href);
  if (!here.searchParams.has("clock") && wanted() !== "none") {
    here.searchParams.set("clock", wanted());
    location.replace(here);
  }

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-clock-form]")) {
      remember(event.target.elements.clock.value);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-no-clock]")) {
      remember("none");
    }
  });
})();
