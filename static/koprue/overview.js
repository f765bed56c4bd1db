// Renews the numbers of the organisers' start page while it is looked at. The page is whole without it.
"use strict";

const SECONDS = 60;
const MOST_SAID = 5;
const live = document.querySelector("#live[data-numbers]");
const said = document.getElementById("live-said");
const news = document.querySelector(".live-news");
let timer;

function numbersOf(root) {
  return new Map([...root.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, element]));
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function isSameShape(before, after) {
  return before.size === after.size && [...before.keys()].every((key) => after.has(key));
}

function show(fresh) {
  const before = numbersOf(live);
  const after = numbersOf(fresh);
  // What comes or goes would move what somebody is about to click: that is left to a link.
  news.hidden = isSameShape(before, after);
  const changed = [...after].filter(([key, element]) => before.has(key) && words(before.get(key)) !== words(element));
  if (!news.hidden) {
    said.textContent = words(news);
    return false;
  }
  const focused = live.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  live.replaceChildren(...fresh.childNodes);
  if (focused) {
    numbersOf(live).get(focused).focus({ preventScroll: true });
  }
  if (changed.length) {
    const list = changed.slice(0, MOST_SAID).map(([, element]) => words(element));
    said.textContent = `${live.dataset.changed} ${list.join("; ")}`;
  }
  return true;
}

async function renew() {
  const answer = await fetch(live.dataset.numbers, { redirect: "manual", headers: { Accept: "text/html" } });
  if (!answer.ok) {
    return false;
  }
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  return show(template.content);
}

function wait() {
  clearTimeout(timer);
  timer = document.hidden ? undefined : setTimeout(run, SECONDS * 1000);
}

// Whoever has signed out, or has something new to look at, is not asked about any more; without a network it waits.
async function run() {
  try {
    if (await renew()) {
      wait();
    }
  } catch (error) {
    if (error instanceof TypeError) {
      wait();
    }
  }
}

if (live) {
  document.addEventListener("visibilitychange", wait);
  wait();
}
