// Suggests the names of a vocabulary as one types: the field's <datalist> is filled from the server.
const PAUSE = 150;
const { suggest } = document.getElementById("typing").dataset;
const labels = new Map();
let waiting;

// With several names in one field only the last is being typed.
function parts(field) {
  const at = field.dataset.many ? field.value.lastIndexOf(",") + 1 : 0;
  return [field.value.slice(0, at), field.value.slice(at).trim()];
}

async function fill(field) {
  const { suggest: vocabulary } = field.dataset;
  const [before, words] = parts(field);
  const address = new URL(suggest.replace("/name/", `/${vocabulary}/`), location.href);
  address.searchParams.set("q", words);
  const answer = await fetch(address);
  if (!answer.ok) return;
  const { names } = await answer.json();
  const options = names.map(([name, label]) => {
    labels.set(`${vocabulary} ${name}`, label);
    const option = document.createElement("option");
    option.value = before ? `${before} ${name}` : name;
    option.label = label;
    return option;
  });
  document.getElementById(`suggest-${vocabulary}`).replaceChildren(...options);
  sayChosen(field);
}

function sayChosen(field) {
  const chosen = field.parentElement.querySelector(".chosen");
  if (chosen) chosen.textContent = labels.get(`${field.dataset.suggest} ${field.value.trim()}`) ?? "";
}

document.addEventListener("input", event => {
  const field = event.target;
  if (!field.dataset?.suggest) return;
  sayChosen(field);
  clearTimeout(waiting);
  waiting = setTimeout(() => fill(field).catch(() => {}), PAUSE);
});
