// Asks before what was typed is left behind. The page is whole without it.
"use strict";

const form = document.querySelector("form[data-unsaved]");

if (form) {
  const texts = [...form.querySelectorAll("textarea")];
  let isSent = false;
  form.addEventListener("submit", () => {
    isSent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    const isTyped = form.dataset.unsaved === "typed" || texts.some((text) => text.value !== text.defaultValue);
    if (isTyped && !isSent) {
      event.preventDefault();
    }
  });
}
