/* Single keys: in lists j and k move, x ticks, e opens; / searches, ? helps; any other leads to the
   button that has it as its data-key. Without effect in text fields, and switched off as a whole in
   the help dialog. */

const KEPT = "single-keys";
const ROWS = "#result_list tbody tr, .queue li, [data-row]";
const SEARCH = "#searchbar, main input[type=search]";
const TYPING = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]";

const dialog = document.querySelector("dialog.keys");
const switched = document.querySelector(".keys-on");

const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.querySelector("a[href]"));
const link = (row) => row.querySelector("th a[href], a[href]");
const current = () => rows().findIndex((row) => row.contains(document.activeElement));

function move(by) {
  const all = rows();
  const at = current();
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
  if (all.length) link(all[next]).focus();
}

function onCurrent(act) {
  const row = rows()[current()];
  if (row) act(row);
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => onCurrent((row) => row.querySelector("input[type=checkbox]")?.click()),
  e: () => onCurrent((row) => link(row).click()),
  "/": () => document.querySelector(SEARCH)?.focus(),
  "?": () => dialog.showModal(),
};

function actOf(key) {
  if (Object.hasOwn(KEYS, key)) return KEYS[key];
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return button && (() => button.focus());
}

function onKey(event) {
  const act = actOf(event.key);
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  if (!act || isCommand || !switched.checked || dialog.open || event.target.closest(TYPING)) return;
  event.preventDefault();
  act();
}

if (dialog) {
  const opener = document.querySelector(".keys-open");
  opener.hidden = false;
  opener.addEventListener("click", KEYS["?"]);
  switched.checked = localStorage.getItem(KEPT) !== "off";
  switched.addEventListener("change", () => localStorage.setItem(KEPT, switched.checked ? "on" : "off"));
  document.addEventListener("keydown", onKey);
}
