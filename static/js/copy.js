// Copies the value of the button that was pressed, and says so.
const CLEARED_AFTER = 4000;
let clearing;

async function copy(button, status) {
  clearTimeout(clearing);
  status.textContent = ""; // so that the same word is read out anew
  try {
    await navigator.clipboard.writeText(button.value);
    status.textContent = "Copied";
  } catch {
    status.textContent = "Your browser did not let us copy. Select the text under “Cite this code”.";
  }
  clearing = setTimeout(() => (status.textContent = ""), CLEARED_AFTER);
}

// Browsers give the clipboard to secure addresses only: elsewhere the buttons would do nothing.
if (navigator.clipboard) {
  for (const box of document.querySelectorAll("[data-copies]")) {
    const status = box.querySelector("[role=status]");
    box.classList.remove("waiting");
    box.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) copy(button, status);
    });
  }
}
