// The table of own offers: arrows and Enter move between its cells, a row that is left saves itself, Ctrl+Z undoes.
// Without this each row has a button to save it. What is sent, and what comes back at the row, is htmx's and the server's.
const table = document.getElementById("cijfers");
const FIELDS = "input:not([type=hidden])";
const PAUSE = 900; // milliseconds after the last tap on plus or minus
const pausing = new Map();
const again = new Set(); // rows that were changed while they were on their way
let undone = null; // the row of which the figures come back
let waiting = null; // the form that is to follow once all rows are saved

document.documentElement.classList.add("moves");

const rows = () => [...table.querySelectorAll("tr[id]")];
const fieldsOf = (row) => [...row.querySelectorAll(FIELDS)];
const isEdited = (field) =>
  field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
const isUnsaved = (row) => row.hasAttribute("data-unsaved") || fieldsOf(row).some(isEdited);

function save(row) {
  clearTimeout(pausing.get(row.id));
  if (!isUnsaved(row)) return;
  if (row.hasAttribute("data-saving")) {
    again.add(row.id);
    return;
  }
  row.setAttribute("data-saving", ""); // the row that comes back is without it
  row.querySelector("form").requestSubmit();
}

function go(field, down, across) {
  const row = field.closest("tr");
  const next = rows()[rows().indexOf(row) + down];
  const target = next && fieldsOf(next)[fieldsOf(row).indexOf(field) + across];
  target?.focus();
  return Boolean(target);
}

function isAtEdge(field, across) {
  if (field.type === "checkbox") return true;
  if (field.type !== "text") return false; // a date has arrows of its own
  const isWhole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  const edge = across < 0 ? 0 : field.value.length;
  return isWhole || (field.selectionStart === edge && field.selectionEnd === edge);
}

table.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches(FIELDS) || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (!go(field, event.shiftKey ? -1 : 1, 0)) save(field.closest("tr"));
    return;
  }
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const moves = (down && field.type !== "date") || (across && isAtEdge(field, across));
  if (moves && !event.shiftKey && go(field, down, across)) event.preventDefault();
});

table.addEventListener("focusin", ({ target }) => {
  if (target.matches("input[type=text]")) target.select();
});

table.addEventListener("focusout", ({ target, relatedTarget }) => {
  const row = target.closest("tr[id]");
  if (row && !row.contains(relatedTarget)) save(row);
});

table.addEventListener("click", ({ target }) => {
  const step = target.closest("[data-step]");
  if (!step) return;
  const field = step.parentElement.querySelector("input"), row = step.closest("tr");
  const amount = Number(field.value.replace(",", ".") || 0) + Number(step.dataset.step);
  if (Number.isNaN(amount) || amount < 0) return;
  field.value = String(amount).replace(".", ",");
  clearTimeout(pausing.get(row.id));
  pausing.set(row.id, setTimeout(() => save(row), PAUSE));
});

addEventListener("keydown", (event) => {
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
  const active = document.activeElement, undo = document.getElementById("terug");
  if (!undo || (active.matches(`#cijfers ${FIELDS}`) && isEdited(active))) return;
  event.preventDefault();
  undo.requestSubmit();
});

addEventListener("submit", (event) => {
  if (event.target.id === "terug") undone = table.querySelector(event.target.getAttribute("hx-target"));
  if (!event.target.matches(".after-rows")) return;
  rows().forEach(save); // what goes for all rows waits for those that are on their way
  if (!table.querySelector("[data-saving]")) return;
  event.preventDefault();
  waiting = event.target;
});

// A row has come back: what its fields hold follows what they say, and what was changed meanwhile is sent
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const row = detail.ctx.target;
  if (!table.contains(row)) return;
  for (const field of fieldsOf(row)) {
    if (field.type === "checkbox" && field !== document.activeElement) field.checked = field.defaultChecked;
    if (row === undone) field.value = field.type === "checkbox" ? field.value : field.defaultValue;
  }
  if (row === undone) undone = null;
  if (again.delete(row.id)) save(row);
  if (waiting && !table.querySelector("[data-saving]")) {
    const form = waiting, wrong = table.querySelector("[data-unsaved] [aria-invalid], [data-unsaved] input[type=text]");
    waiting = null;
    if (wrong) wrong.focus();
    else form.requestSubmit();
  }
});

document.addEventListener("htmx:finally:request", ({ detail }) => {
  if (detail.ctx.target?.hasAttribute("data-saving")) notSaved(detail.ctx.target);
});

// The server could not be reached, or failed: what was filled in stays, and is sent when the row is left again
function notSaved(row) {
  row.removeAttribute("data-saving");
  row.setAttribute("data-unsaved", "");
  document.getElementById("bewaard").textContent = "Niet bewaard: er is geen verbinding. Wat u invulde, staat er nog.";
}

if (matchMedia("(min-width: 48.01rem) and (pointer: fine)").matches && !location.hash) {
  table.querySelector(`tr[id] ${FIELDS}`)?.focus({ preventScroll: true });
}
