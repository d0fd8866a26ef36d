// The search boxes as comboboxes: a list of codes below, while someone types. Without this script
// each is a plain form.
import { clear, favourites, recent } from "./remembered.js";

const PAUSE = 40; // milliseconds without a key before the portal is asked
const SHORTEST = 2; // characters
const STATUS = { ended: "ended", future: "not yet in use" };

let boxes = 0;

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const asOf = () => new URLSearchParams(location.search).get("as_of");

class Combobox {
  constructor(input) {
    this.input = input;
    this.id = `suggested-${++boxes}`;
    this.options = [];
    this.at = -1;
    this.list = element("div", { role: "listbox", id: this.id, "aria-label": "Codes", hidden: "" });
    this.said = element("div", { role: "status", class: "visually-hidden" });
    this.box = element("div", { class: "suggested" }, this.list);
    this.forget = element("button", { type: "button", class: "forget", hidden: "" });
    this.forget.textContent = "Forget these codes";
    this.box.append(this.forget);
    input.parentElement.append(this.box, this.said);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [key, value] of Object.entries({ ...roles, "aria-controls": this.id })) {
      input.setAttribute(key, value);
    }
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("click", () => this.remembered());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", (event) => {
      if (!this.box.contains(event.relatedTarget)) this.close();
    });
    // The box keeps the focus while the mouse is on the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.address);
    });
    this.forget.addEventListener("click", () => {
      clear();
      this.input.focus();
      this.close();
      this.said.textContent = "Forgotten.";
    });
    this.forget.addEventListener("blur", () => this.close());
  }

  typed() {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (this.input.value.trim().length < SHORTEST) {
      this.close();
      this.remembered();
    } else {
      this.timer = setTimeout(() => this.ask(), PAUSE);
    }
  }

  async ask() {
    this.asking = new AbortController();
    const { signal } = this.asking;
    const query = new URLSearchParams({ q: this.input.value.trim().slice(0, 200) });
    if (asOf()) query.set("as_of", asOf());
    try {
      const answer = await fetch(`${this.input.dataset.suggest}?${query}`, { signal });
      const { codes } = await answer.json();
      if (!signal.aborted) this.show([{ codes }]);
    } catch {
      // Aborted, or out of reach: the form still works.
      if (!signal.aborted) this.close();
    }
  }

  remembered() {
    if (this.input.value.trim()) return;
    const starred = favourites();
    const known = new Set(starred.map((one) => one.code));
    const visited = recent().filter((one) => !known.has(one.code));
    const groups = [
      { title: "Favorites", codes: starred },
      { title: "Recent", codes: visited },
    ];
    this.show(groups.filter((group) => group.codes.length), true);
  }

  show(groups, isRemembered = false) {
    this.at = -1;
    this.list.replaceChildren(...groups.map((group) => this.group(group)));
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.options.forEach((option, place) => { option.id = `${this.id}-${place}`; });
    const count = this.options.length;
    this.forget.hidden = !(isRemembered && count);
    this.open(count > 0);
    this.said.textContent = count ? `${count} code${count > 1 ? "s" : ""}` : isRemembered ? "" : "No codes";
  }

  group({ title, codes }) {
    const options = codes.map((one) => this.option(one));
    if (!title) return element("div", { role: "presentation" }, ...options);
    const name = `${this.id}-${title}`;
    const heading = element("div", { id: name, class: "suggested-title", role: "presentation" }, title);
    return element("div", { role: "group", "aria-labelledby": name }, heading, ...options);
  }

  option({ code, text, status, called }) {
    const parts = [element("span", { class: "code" }, code), ` ${text}`];
    const more = [called, STATUS[status]].filter(Boolean).join(", ");
    if (more) parts.push(element("span", { class: "meta" }, ` ${more}`));
    const roles = { role: "option", "aria-selected": "false", "data-address": this.address(code) };
    return element("div", roles, ...parts);
  }

  address(code) {
    const date = asOf();
    const query = date ? `?${new URLSearchParams({ as_of: date })}` : "";
    return `${new URL(`${code}/`, this.input.form.action)}${query}`;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.box.classList.toggle("open", isOpen);
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.forget.hidden = true;
    this.at = -1;
    this.open(false);
    this.said.textContent = "";
  }

  key(event) {
    const isOpen = !this.list.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !event.altKey) {
      event.preventDefault();
      if (isOpen) this.move(steps[event.key]);
      else if (this.input.value.trim()) this.typed();
      else this.remembered();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // which would empty the box
      this.close();
    } else if (event.key === "Enter" && isOpen && this.at >= 0) {
      event.preventDefault();
      location.assign(this.options[this.at].dataset.address);
    }
  }

  // Down from the last option leads back to the box, and from there to the first.
  move(step) {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    const places = this.options.length + 1;
    this.at = ((this.at + 1 + step + places) % places) - 1;
    const option = this.options[this.at];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }
}

const comboboxes = [...document.querySelectorAll("input[data-suggest]")].map(
  (input) => new Combobox(input),
);

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const first = comboboxes.find((one) => one.input.offsetParent);
  if (!first) return;
  event.preventDefault();
  first.input.focus();
  first.input.select();
  first.remembered();
});
