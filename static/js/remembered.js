// Codes that were looked at and codes that were starred. They are kept in this browser and are sent
// nowhere. Each is {code, text}.
const RECENT = "hcpcs-recent";
const FAVOURITES = "hcpcs-favourites";
const MOST_RECENT = 8;
const MOST_FAVOURITES = 50;

// A browser may refuse to keep anything, or hold what another program wrote.
function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return Array.isArray(kept) ? kept.filter((one) => /^[A-V]\d{4}$/.test(one?.code)) : [];
  } catch {
    return [];
  }
}

function write(key, codes) {
  try {
    localStorage.setItem(key, JSON.stringify(codes));
  } catch {
    // Then nothing is remembered.
  }
}

const others = (codes, code) => codes.filter((one) => one.code !== code);

export const recent = () => read(RECENT);
export const favourites = () => read(FAVOURITES);

export function visit(code, text) {
  write(RECENT, [{ code, text }, ...others(recent(), code)].slice(0, MOST_RECENT));
}

// Makes the code a favourite, or no longer one; says which it is now.
export function toggle(code, text) {
  const kept = favourites();
  const rest = others(kept, code);
  const isNew = rest.length === kept.length;
  write(FAVOURITES, isNew ? [{ code, text }, ...rest].slice(0, MOST_FAVOURITES) : rest);
  return isNew;
}

export function clear() {
  localStorage.removeItem(RECENT);
  localStorage.removeItem(FAVOURITES);
}

// <button data-favourite="J3490" data-text="Unclassified drugs" hidden> on a code's page becomes its
// star, and the page counts as a visit.
for (const button of document.querySelectorAll("button[data-favourite]")) {
  const { favourite: code, text = "" } = button.dataset;
  const show = (isOne) => button.setAttribute("aria-pressed", String(isOne));
  visit(code, text);
  show(favourites().some((one) => one.code === code));
  button.addEventListener("click", () => show(toggle(code, text)));
  button.hidden = false;
}
