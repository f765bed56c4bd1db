// While a draft is read: loads the page anew once something has happened. In the preview: picks a whole group.
"use strict";

const EVERY_MS = 1500;
const MOST_FAILURES = 20;
const stages = document.querySelector("[data-look-at]");

let failures = 0;

// Where somebody has to sign in again, or the draft is gone, asking on helps nobody: the link on the page says more.
async function look() {
  try {
    const answer = await fetch(stages.dataset.lookAt, {
      headers: { accept: "application/json" },
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500 && answer.status !== 429)) {
      return;
    }
    const { status, is_late: isLate } = await answer.json();
    if (status !== stages.dataset.status || (isLate ? "yes" : "no") !== stages.dataset.late) {
      location.reload();
      return;
    }
    failures = 0;
  } catch {
    failures += 1; // the site is away for a moment
  }
  if (failures < MOST_FAILURES) {
    setTimeout(look, EVERY_MS);
  }
}

if (stages) {
  setTimeout(look, EVERY_MS);
}

for (const buttons of document.querySelectorAll(".pick-buttons")) {
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-pick]")?.dataset.pick;
    if (wanted) {
      for (const box of buttons.closest("fieldset").querySelectorAll("input[name=picked]:not(:disabled)")) {
        box.checked = wanted === "all";
      }
    }
  });
}
