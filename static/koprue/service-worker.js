// Keeps copies of public pages and of the files they are drawn with. Whatever belongs to a person or to organisers is
// never touched: the list below names what may be kept, and the server's own word ("public") has to agree.
"use strict";

const PAGES = "koprue-pages";
const FILES = "koprue-files";
const MOST = { [PAGES]: 60, [FILES]: 60 };
const PATIENCE = 3000; // milliseconds until a copy is better than waiting
const PUBLIC =
  /^\/(de|tr|en)\/(|programme\/|now\/|clock\/|offline\/|changes\/|accessibility\/|easy\/|privacy\/|imprint\/|workshops\/[\w-]+\/|speakers\/([\w-]+\/)?)$/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (isFile(url)) {
    event.respondWith(file(request));
  } else if (request.mode === "navigate" && PUBLIC.test(url.pathname)) {
    event.respondWith(page(event, url));
  }
});

self.addEventListener("message", (event) => {
  if (Array.isArray(event.data?.keep)) {
    event.waitUntil(Promise.allSettled(event.data.keep.map(keepAddress)));
  }
});

function isFile(url) {
  return url.pathname.startsWith("/static/");
}

async function keepAddress(address) {
  const url = new URL(address, self.location.origin);
  if (url.origin !== self.location.origin || !(isFile(url) || PUBLIC.test(url.pathname))) {
    return;
  }
  url.hash = "";
  const cache = await caches.open(isFile(url) ? FILES : PAGES);
  if (isFile(url) && (await cache.match(url))) {
    return;
  }
  await keep(cache, isFile(url) ? FILES : PAGES, url, await fetch(url, { credentials: "omit" }));
}

function mayBeKept(answer, url) {
  const rule = answer.headers.get("Cache-Control") ?? "";
  const isSearch = new URL(url, self.location.origin).searchParams.has("q"); // there may be any number of them
  return !isSearch && answer.ok && !answer.redirected && rule.includes("public") && !rule.includes("no-store");
}

async function keep(cache, name, key, answer) {
  if (!mayBeKept(answer, key)) {
    return;
  }
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", new Date().toISOString());
  headers.delete("Content-Encoding"); // the body has been unpacked
  headers.delete("Content-Length");
  await cache.put(key, new Response(await answer.blob(), { headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((old) => cache.delete(old)));
}

// A file whose name carries its digest never changes; of others the newest is wanted.
async function file(request) {
  const cache = await caches.open(FILES);
  const copy = await cache.match(request);
  if (copy && HASHED.test(new URL(request.url).pathname)) {
    return copy;
  }
  try {
    const fresh = await fetch(request);
    await keep(cache, FILES, request.url, fresh.clone());
    return fresh;
  } catch (error) {
    if (copy) {
      return copy;
    }
    throw error;
  }
}

// The network first; a copy where there is none, where the server is down, or where it takes too long.
async function page(event, url) {
  const cache = await caches.open(PAGES);
  const key = new URL(url);
  key.hash = "";
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((answer) => keep(cache, PAGES, key, answer.clone())).catch(() => {}));
  const exact = await cache.match(key);
  const answer = await (exact ? Promise.race([quietly(fresh), later()]) : quietly(fresh));
  if (answer && answer.status < 500) {
    return answer;
  }
  const copy = exact ?? (await anotherView(cache, key));
  if (copy) {
    return marked(copy);
  }
  return answer ?? (await cache.match(`/${url.pathname.split("/")[1]}/offline/`)) ?? Response.error();
}

// Better than none, but not better than waiting for what was asked for: the whole page first, on the same clocks.
async function anotherView(cache, key) {
  const whole = new URL(key);
  const clock = whole.searchParams.get("clock");
  whole.search = clock ? new URLSearchParams({ clock }) : "";
  return (await cache.match(whole)) ?? (await cache.match(key, { ignoreSearch: true }));
}

function quietly(promise) {
  return promise.catch(() => undefined);
}

function later() {
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE);
  });
}

// The page itself says how old it is: see offline.js.
async function marked(copy) {
  const html = await copy.text();
  const kept = copy.headers.get("X-Kept");
  return new Response(html.replace("<html ", `<html data-kept="${kept}" `), { headers: copy.headers });
}
