// Keeps the shell and the last list of free places, and forgets that list when somebody signs in or out. Nothing else
// is kept: a dossier is never read from here.
const VERSION = location.search.slice(1);
const SHELL = `shell-${VERSION}`;
const LIST = "vrije-plekken";
const PAGE = "/vrije-plekken";
const OFFLINE = `/static/${VERSION}/offline.html`;
const FILES = ["vendor/nl-design-system.css", "own.css", "map.css", "map/regions.svg", "theme.css", "vendor/htmx.min.js", "app.js", "live.js", "icon.svg",
  "vendor/noto-sans-latin-400-normal.woff2", "vendor/noto-sans-latin-700-normal.woff2", "offline.html"];

addEventListener("install", (event) => {
  const addresses = FILES.map((name) => `/static/${VERSION}/${name}`);
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(addresses)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL && name !== LIST).map((name) => caches.delete(name)));
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (pathname === "/afmelden" || pathname.startsWith("/aanmelden/")) event.waitUntil(caches.delete(LIST));
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/")) {
    const ours = pathname.replace(/^\/static\/[^/]+/, `/static/${VERSION}`);
    event.respondWith(caches.match(ours).then((found) => found ?? fetch(request)));
  } else if (pathname === PAGE && (request.mode === "navigate" || request.headers.has("HX-Request"))) {
    event.respondWith(lastList(event));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  }
});

// The whole page is kept when it is opened, and the list of it each time that htmx reads another.
async function lastList(event) {
  const key = event.request.mode === "navigate" ? "/page" : "/part";
  try {
    const answer = await fetch(event.request);
    if (answer.ok && !answer.redirected) event.waitUntil(keep(key, answer.clone()));
    return answer;
  } catch (error) {
    if (key === "/part") throw error;
    return (await kept()) ?? caches.match(OFFLINE);
  }
}

async function keep(key, answer) {
  const cache = await caches.open(LIST);
  await cache.put(key, answer);
  if (key === "/page") await cache.delete("/part");
}

async function kept() {
  const cache = await caches.open(LIST);
  const [page, part] = await Promise.all([cache.match("/page"), cache.match("/part")]);
  if (!page || !part) return page;
  const text = await part.text();
  const whole = (await page.text()).replace(/<section id="plekken"[\s\S]*?<\/section>/, () => text);
  const headers = new Headers(page.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(whole, { headers });
}
