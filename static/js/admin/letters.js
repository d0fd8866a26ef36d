// Single letters, where nobody is typing: each goes to the button that has it as its data-key; ?
// opens the list of keys. Buttons with data-opens and data-closes open and close a dialog.
const isTyping = node => node.matches("input:not([type=submit]):not([type=button]), textarea, select");

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const goal = event.key === "?" ? null : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (goal) {
    event.preventDefault();
    goal.focus();
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  }
});

document.addEventListener("click", event => {
  const { opens, closes } = event.target.dataset ?? {};
  if (opens) document.getElementById(opens).showModal();
  if (closes) document.getElementById(closes).close();
});
