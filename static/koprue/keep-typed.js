// Carries what was typed along when the reader switches the page's language. The form is whole without it.
"use strict";

const KEY = "koprue-typed";
const form = document.querySelector("form[data-keep-typed]");

function controls() {
  return [...form.elements].filter((control) => control.name && !["hidden", "submit"].includes(control.type));
}

function isBox(control) {
  return control.type === "radio" || control.type === "checkbox";
}

function keep() {
  const typed = controls().map((control) => [control.name, control.value, isBox(control) && control.checked]);
  sessionStorage.setItem(KEY, JSON.stringify({ state: form.elements.state.value, typed }));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  sessionStorage.removeItem(KEY);
  // Not into the form of another person, nor over what has changed meanwhile.
  if (!kept || kept.state !== form.elements.state.value) {
    return;
  }
  for (const [name, value, checked] of kept.typed) {
    for (const control of controls().filter((found) => found.name === name)) {
      if (!isBox(control)) {
        control.value = value;
      } else if (control.value === value && name !== "language") {
        control.checked = checked;
      }
    }
  }
}

if (form) {
  try {
    restore();
  } catch {
    // Storage is switched off: then nothing was kept either.
  }
  for (const link of document.querySelectorAll(".languages a")) {
    link.addEventListener("click", () => {
      try {
        keep();
      } catch {
        // As above; the form in the other language then starts anew.
      }
    });
  }
}
