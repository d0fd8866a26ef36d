// Shows a text as readers will see it, under its field.
const { prose, longest } = document.getElementById("typing").dataset;
const form = document.getElementById("typing").closest("form");

function labelOf(area) {
  return area.labels[0]?.textContent.replace(":", "").trim() ?? "Text";
}

async function show(area, region) {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, text: area.value,
  });
  region.hidden = false;
  if (area.value.length > Number(longest)) {
    region.textContent = `This text has ${area.value.length} characters; ${longest} at the most. Shorten it.`;
    return;
  }
  try {
    const answer = await (await fetch(prose, { method: "POST", body })).json();
    if (answer.error) region.textContent = answer.error;
    else region.innerHTML = answer.html || "<p>Nothing is written.</p>";
  } catch {
    region.textContent = "The server does not answer. Your text is still in its field; try again.";
  }
}

function equip(area) {
  if (area.name.includes("__prefix__") || area.name === "suppress" || area.dataset.prose) return;
  area.dataset.prose = "true";
  const region = document.createElement("div");
  region.className = "prose";
  region.hidden = true;
  region.tabIndex = 0;
  region.setAttribute("role", "region");
  region.setAttribute("aria-live", "polite");
  region.setAttribute("aria-label", `Preview of ${labelOf(area)}`);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "beside";
  button.textContent = "Preview";
  button.setAttribute("aria-label", `Preview ${labelOf(area)}`);
  button.addEventListener("click", () => show(area, region));
  const row = area.closest(".form-row");
  toolsOf(row).append(button);
  row.append(region);
}

function toolsOf(row) {
  const made = row.querySelector(".tools") ?? document.createElement("div");
  made.className = "tools";
  row.append(made);
  return made;
}

const equipAll = root => root.querySelectorAll("textarea").forEach(equip);
equipAll(form);
document.addEventListener("formset:added", event => equipAll(event.target));
