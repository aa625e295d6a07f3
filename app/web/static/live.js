// The list that follows what happens: one stream of events, after each of which the list is read again. Numbers change
// in place; rows that come or go wait for "3 wijzigingen, toon", so that nothing moves under a finger.
import { connected } from "./app.js";

const GATHER = 150; // ms: what changes at once is read once
const LONGEST = 5000; // ms between two tries
const PATIENCE = 3000; // ms for one
let source, path, timer, opening, failures = 0, fresh = null;

const list = () => document.getElementById("plekken");
const waiting = () => document.getElementById("wijzigingen");

function listen() {
  source?.close();
  clearTimeout(opening);
  path = list()?.dataset.live;
  if (!path) return;
  source = new EventSource(path);
  source.onopen = () => { clearTimeout(opening); failures = 0; connected(true); refresh(); };
  source.onerror = lost;
  opening = setTimeout(() => { connected(false); lost(); }, PATIENCE);
  for (const name of ["availability.changed", "availability.gone", "reset"]) source.addEventListener(name, soon);
}

function lost() {
  source.close();
  clearTimeout(opening);
  failures += 1;
  if (failures > 1) connected(false); // a stream that ends in order is open again before anybody has to know
  opening = setTimeout(listen, Math.min(300 * 2 ** failures, LONGEST) * (0.75 + Math.random() / 4));
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, GATHER);
}

async function refresh() {
  const asked = location.href;
  let answer;
  try {
    answer = await fetch(asked, { headers: { "HX-Request": "true", Accept: "text/html" }, redirect: "manual" });
  } catch {
    return; // the stream tells that the connection is lost
  }
  if (!answer.ok) return answer.type === "opaqueredirect" ? location.reload() : undefined;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("plekken");
  if (found && asked === location.href) show(found);
}

function show(found) {
  document.body.dataset.at = found.dataset.at;
  let others = 0;
  const before = new Map([...list().querySelectorAll("ol > li")].map((row) => [row.id, row]));
  for (const row of found.querySelectorAll("ol > li")) {
    const old = before.get(row.id);
    before.delete(row.id);
    if (!old) others += 1;
    else if (!old.isEqualNode(row)) swap(old, row);
  }
  others += before.size;
  fresh = others ? found : null;
  waiting().hidden = !others;
  const [map, now] = [list(), found].map((each) => each.querySelector("#kaart"));
  if (map && now && !others && !map.isEqualNode(now)) swap(map, now); // it says what the list says
  if (others) waiting().querySelector("button").textContent = `${others} ${others === 1 ? "wijziging" : "wijzigingen"}, toon`;
}

function swap(target, found) {
  htmx.swap({ sourceElement: target, target, text: found.outerHTML, swap: "outerMorph" });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#wijzigingen button")) return;
  swap(list(), fresh);
  waiting().hidden = true;
  list().focus();
});
document.addEventListener("htmx:after:swap", () => {
  if (list()?.dataset.live === path) return;
  waiting().hidden = true;
  listen();
});
addEventListener("online", listen);
listen();
