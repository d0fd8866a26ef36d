// The keys of the revision form, and citing a source for the text or the row that one is in.
const form = document.getElementById("typing").closest("form");
const TEXTS = new Set(["summary", "documentation", "unit", "claim_to"]);
const LISTS = new Set(["coverage", "denials", "modifiers", "faqs"]);

function press(name) {
  form.requestSubmit(form.querySelector(`.submit-row [name="${name}"]`));
}

// The topic and the number of the row that a field belongs to; neither, where nothing is cited.
function placeOf(field) {
  const [topic, row] = (field?.name ?? "").split("-");
  if (TEXTS.has(topic)) return [topic, ""];
  return LISTS.has(topic) ? [topic, String(Number(row) + 1)] : ["", ""];
}

function cite(field) {
  const [topic, row] = placeOf(field);
  document.querySelector("#citations-group .add-row a").click();
  const last = Number(form.elements["citations-TOTAL_FORMS"].value) - 1;
  form.elements[`citations-${last}-topic`].value = topic;
  form.elements[`citations-${last}-row`].value = row;
  form.elements[`citations-${last}-source`].focus();
}

const KEYS = {
  s: () => press("_continue"),
  Enter: () => press("_submit"),
  k: () => cite(document.activeElement),
};

document.addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function equip(area) {
  const [topic] = placeOf(area);
  if (!topic || area.name.includes("__prefix__") || area.dataset.cites) return;
  area.dataset.cites = "true";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "beside";
  button.textContent = "Cite";
  button.setAttribute("aria-label", `Cite a source for ${area.labels[0]?.textContent.replace(":", "")}`);
  button.addEventListener("click", () => cite(area));
  area.closest(".form-row").querySelector(".tools").append(button);
}

const equipAll = root => root.querySelectorAll("textarea").forEach(equip);
equipAll(form);
document.addEventListener("formset:added", event => equipAll(event.target));

// A finding leads to its field, not only to its place.
if (location.hash) document.getElementById(location.hash.slice(1))?.focus();
document.querySelectorAll(".findings a").forEach(link => link.addEventListener("click", () => {
  document.getElementById(link.hash.slice(1))?.focus();
}));
