// A page that follows what happens: one stream of events, after each of which its part with `data-live` is read again.
// Numbers change in place; what comes, goes or can be pressed otherwise waits for "3 wijzigingen, toon", so that nothing
// moves under a finger; and a row in which somebody is typing is left alone.
import { connected } from "./app.js";

const GATHER = 150; // ms: what changes at once is read once
const LONGEST = 4000; // ms between two tries
const PATIENCE = 5000; // ms for one
const NOTICE = 3000; // ms for the first, until it is told that it takes long
const SILENCE = 3000; // ms without a word of a service that says one every second and a half
const EVENTS = ["availability.changed", "availability.gone", "changed", "reset"];
let source, path, timer, opening, noticing, silence, reading, failures = 0, fresh = null;
let isReading = false, isAskedAgain = false, swaps = 0;

const part = () => document.querySelector("[data-live]");
const form = () => document.getElementById(part().dataset.liveForm ?? "");
const waiting = () => document.getElementById("wijzigingen");
const rowsOf = (within) => [...within.querySelectorAll("li[id], tr[id], [data-row]")];
const order = (within) => rowsOf(within).map((row) => row.id).join();

function listen() {
  close();
  path = part()?.dataset.live;
  if (!path || document.querySelector("main[data-refused]")) return; // a form that is being mended stays as it is
  source = part().dataset.liveAsked === undefined ? new EventSource(path) : ask(path, form());
  source.onopen = opened;
  source.onerror = lost;
  noticing = setTimeout(() => connected(false), failures ? NOTICE / 2 : NOTICE);
  opening = setTimeout(lost, PATIENCE);
  source.addEventListener("alive", heard);
  for (const name of EVENTS) source.addEventListener(name, () => { heard(); soon(); });
}

function opened() {
  clearTimeout(opening);
  clearTimeout(noticing);
  failures = 0;
  connected(true);
  heard();
  reading?.abort(); // it was asked over a line that may be gone
  refresh();
}

// Of a line that swallows all that is sent over it nobody is told; the service would have said something by now.
function heard() {
  clearTimeout(silence);
  silence = setTimeout(() => { failures += 1; listen(); }, SILENCE);
}

function close() {
  source?.close();
  for (const each of [opening, noticing, silence]) clearTimeout(each);
}

// As an EventSource, of a question that stands in no address: it is sent in the body.
function ask(address, question) {
  const asked = new EventTarget(), stop = new AbortController();
  asked.close = () => stop.abort();
  hear(asked, address, { method: "POST", body: new URLSearchParams(new FormData(question)), signal: stop.signal })
    .catch(() => stop.signal.aborted || asked.onerror());
  return asked;
}

async function hear(asked, address, options) {
  const answer = await fetch(address, { ...options, headers: { Accept: "text/event-stream" } });
  if (!answer.ok) throw new Error(answer.statusText);
  asked.onopen();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "", read; !(read = await reader.read()).done; ) {
    const lines = (rest + read.value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line.startsWith("event: ")) asked.dispatchEvent(new Event(line.slice(7)));
  }
  throw new Error("it has ended");
}

function lost() {
  close();
  failures += 1;
  if (failures > 1) connected(false); // a stream that ends in order is open again before anybody has to know
  if (failures === 2) refresh(); // who has to sign in again is led there
  opening = setTimeout(listen, Math.min(300 * 2 ** failures, LONGEST) * (0.75 + Math.random() / 4));
}

function soon() {
  timer ??= setTimeout(refresh, GATHER);
}

async function refresh() {
  clearTimeout(timer);
  timer = undefined;
  isAskedAgain = isReading;
  if (isReading || !part()) return;
  isReading = true;
  try {
    await read();
  } catch {
    // the stream tells that the connection is lost
  } finally {
    isReading = false;
    if (isAskedAgain) soon();
  }
}

// The page as it is now, or what is at `data-live-read`, where the page's own address is one that does something; what
// was searched for and stands in no address is sent again as it was (`data-live-form`).
async function read() {
  const page = location.href, asked = part().dataset.liveRead ?? page, before = swaps;
  const headers = { "HX-Request": "true", "X-Refresh": "1", Accept: "text/html" };
  const body = form() && new URLSearchParams(new FormData(form()));
  reading = new AbortController();
  const answer = await fetch(asked, { method: body ? "POST" : "GET", body, headers, signal: reading.signal });
  if (answer.headers.has("HX-Redirect") || [403, 404].includes(answer.status)) return location.reload(); // not signed in
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part()?.id ?? "");
  if (page !== location.href || before !== swaps) return soon(); // what was read is of before something was saved
  if (found) await show(found);
}

async function show(found) {
  document.body.dataset.at = found.dataset.at;
  const old = new Map(rowsOf(part()).map((row) => [row.id, row]));
  const stays = part().dataset.liveOrdered === undefined || order(found) === order(part());
  let others = 0;
  for (const row of rowsOf(found)) {
    const known = old.get(row.id);
    old.delete(row.id);
    if (!known || !(stays ? await follow(known, row) : isSame(known, row))) others += 1;
  }
  others += old.size;
  fresh = others ? found : null;
  waiting().hidden = !others;
  if (others) {
    waiting().querySelector("button").textContent = `${others} ${others === 1 ? "wijziging" : "wijzigingen"}, toon`;
    return;
  }
  for (const each of found.querySelectorAll("[data-in-place]")) { // it says what the rows say
    const known = document.getElementById(each.id);
    if (known && !isSame(known, each)) await swap(known, each);
  }
}

// Whether a row says now what was found; not where something can be pressed that could not, or leads elsewhere.
async function follow(row, found) {
  keepOpen(row, found);
  if (isSame(row, found) || isBusy(row)) return true;
  if (whatCanBePressed(row) !== whatCanBePressed(found)) return false;
  await swap(row, found);
  for (const field of row.querySelectorAll("input, textarea, select")) say(field);
  return true;
}

// A field that somebody filled in and emptied again says what stands in the page; by itself it no longer would.
function say(field) {
  if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
  else if (field.matches("[type=checkbox], [type=radio]")) field.checked = field.defaultChecked;
  else if (field.value !== field.defaultValue) field.value = field.defaultValue;
}

function isEdited(field) {
  if (field.matches("select")) {
    const chosen = [...field.options].findLast((option) => option.defaultSelected) ?? field.options[0];
    return field.selectedOptions[0] !== chosen;
  }
  return field.matches("[type=checkbox], [type=radio]")
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
}

// Somebody is at work in it: it is being saved, something was filled in, or a form was opened in it.
const isBusy = (row) =>
  row.matches("[data-saving], [data-unsaved]") ||
  row.querySelector("[data-loads]:not(:empty)") !== null ||
  [...row.querySelectorAll("input, textarea, select")].some(isEdited);
const whatCanBePressed = (row) =>
  [...row.querySelectorAll("a, button")].map((each) => `${each.getAttribute("href")} ${each.textContent.trim()}`).join();

function isSame(row, found) {
  const bare = row.cloneNode(true);
  for (const each of [bare, ...bare.querySelectorAll("[data-htmx-powered]")]) each.removeAttribute("data-htmx-powered");
  return bare.isEqualNode(found);
}

function keepOpen(row, found) {
  const folds = found.querySelectorAll("details");
  for (const [index, each] of row.querySelectorAll("details").entries()) folds[index]?.toggleAttribute("open", each.open);
}

function swap(target, found) {
  return htmx.swap({ sourceElement: target, target, text: found.outerHTML, swap: "outerMorph" });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#wijzigingen button") || !fresh) return;
  for (const row of rowsOf(part()).filter(isBusy)) fresh.querySelector(`#${CSS.escape(row.id)}`)?.replaceWith(row.cloneNode(true));
  keepOpen(part(), fresh);
  swap(part(), fresh);
  waiting().hidden = true;
  part().focus();
});
document.addEventListener("htmx:before:request", () => { swaps += 1; });
document.addEventListener("htmx:after:swap", () => {
  swaps += 1;
  if (part()?.dataset.live === path) return;
  waiting()?.toggleAttribute("hidden", true);
  listen();
});
addEventListener("online", listen);
listen();
