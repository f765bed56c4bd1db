// Looks every few seconds whether the document is ready. Without this the page has a link that does the same.
"use strict";

const SECONDS = 3;
const LONGEST_SECONDS = 30;

async function look(wait) {
  const shown = document.getElementById("document");
  if (!shown || !("waits" in shown.dataset)) {
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  if (!document.hidden) {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("document");
      // Signed out meanwhile: the link leads to the page that says so.
      if (!fresh) {
        return;
      }
      if (fresh.innerHTML !== shown.innerHTML) {
        shown.replaceWith(fresh);
        wait = SECONDS / 1.5;
      }
    } catch {
      // The network is away: a little later it may be back.
    }
  }
  look(Math.min(wait * 1.5, LONGEST_SECONDS));
}

// The admin names its scripts in the page's head.
document.addEventListener("DOMContentLoaded", () => look(SECONDS));
