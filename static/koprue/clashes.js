// Says while somebody chooses that two of the events overlap. Without it the page after sending says so.
"use strict";

const announced = document.querySelector("[data-clash-announce]");
const boxes = [...document.querySelectorAll("[data-clash]")];

function isChosen(slug) {
  const checked = document.querySelector(`input[name="workshop-${slug}"]:checked`);
  return checked !== null && checked.value !== "none";
}

// Each of the two has a box. Only the one below the choice just made appears: another one would move it away.
function update(scope) {
  const news = [];
  for (const box of boxes) {
    const overlaps = box.dataset.clash.split(" ").every(isChosen);
    if (overlaps && box.hidden && scope.contains(box)) {
      news.push(box);
      box.hidden = false;
    } else if (!overlaps) {
      box.hidden = true;
    }
  }
  return news.map((box) => box.innerText.replace(/\s+/gu, " "));
}

if (announced) {
  update(document);
  for (const input of document.querySelectorAll('input[type="radio"][name^="workshop-"]')) {
    input.addEventListener("change", () => {
      announced.textContent = update(input.closest("fieldset")).join(" ");
    });
  }
}
