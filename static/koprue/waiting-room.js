// Counts down on the page of the waiting room and looks again when it is time. The server's clock counts, not this one.
"use strict";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SAID_AT = [30, 15, 10, 5, 2, 1];
const room = document.querySelector("[data-room]");
const opens = Date.parse(room.dataset.opens);
const behind = Date.parse(room.dataset.now) - Date.now();
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
// Not everybody at the same second.
const patience = Math.random() * 10 * SECOND;
let nextLook = firstLook();
let shown = Number.NaN;

function now() {
  return Date.now() + behind;
}

// A day that is moved is noticed before its time, too.
function firstLook() {
  const soon = now() + 5 * MINUTE + patience;
  if (room.dataset.room === "before" && opens > now()) {
    return Math.min(opens + patience, soon);
  }
  return now() + 30 * SECOND + patience;
}

function inWords(minutes) {
  if (minutes < 120) {
    return words.format(minutes, "minute");
  }
  return minutes < 48 * 60 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
}

function countDown() {
  const line = room.querySelector("[data-countdown]");
  const minutes = Math.ceil((opens - now()) / MINUTE);
  if (!line || minutes < 1 || minutes === shown) {
    return;
  }
  line.textContent = line.dataset.countdown.replace("{when}", inWords(minutes));
  line.hidden = false;
  if (!Number.isNaN(shown) && SAID_AT.includes(minutes)) {
    room.querySelector("[data-announce]").textContent = line.textContent;
  }
  shown = minutes;
}

function isAsBefore(page) {
  const there = page.querySelector("[data-room]");
  return there && there.dataset.room === room.dataset.room && there.dataset.opens === room.dataset.opens;
}

async function look() {
  nextLook = Number.POSITIVE_INFINITY;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status < 500 && !isAsBefore(page)) {
      location.reload();
      return;
    }
  } catch {
    // No line: the page stays, and asks again.
  }
  nextLook = firstLook();
}

function tick() {
  countDown();
  if (now() >= nextLook) {
    look();
  }
}

if (["before", "no-access"].includes(room.dataset.room)) {
  tick();
  setInterval(tick, SECOND);
  document.addEventListener("visibilitychange", tick);
}
