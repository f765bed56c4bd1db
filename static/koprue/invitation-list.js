// Keeps the numbers of a list that is being sent up to date. Without it, the link below them does the same.
"use strict";

(() => {
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const SOON = 2000;
  const SOMETIME = 5000;
  const LATER = 15000;

  const show = (numbers) => {
    for (const place of box.querySelectorAll("[data-number]")) {
      place.textContent = numbers[place.dataset.number];
    }
    for (const bar of box.querySelectorAll("[data-bar]")) {
      bar.max = numbers[bar.dataset.barOf || "total"] || 1;
      bar.value = numbers[bar.dataset.bar];
    }
  };

  // Seldom, so that a screen reader is not talking all the time.
  let announced = 0;
  const announce = () => {
    const now = Date.now();
    if (now - announced < LATER) return;
    announced = now;
    const said = box.querySelector("[data-announce]");
    const [heading] = box.querySelectorAll("dt");
    const [first] = box.querySelectorAll("dd");
    said.textContent = `${heading.textContent}: ${first.textContent}`;
  };

  const ask = async () => {
    let wait = LATER;
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const { status, numbers } = await answer.json();
      if (status !== box.dataset.status) {
        window.location.reload();
        return;
      }
      show(numbers);
      announce();
      if (status !== "sending" && !numbers.on_the_way) return;
      wait = status === "sending" ? SOON : SOMETIME;
    } catch {
      // Away for a moment: it is asked again.
    }
    window.setTimeout(ask, wait);
  };

  window.setTimeout(ask, SOON);
})();
