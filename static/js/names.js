// Names the parts of each autocomplete after its field: Select2 leaves them without a name, so a
// screen reader would say no more than "edit".
const $ = window.django?.jQuery;

function nameOf(select) {
  const column = select.closest("td")?.className.match(/field-(\S+)/)?.[1];
  const heading = column && select.closest("table").querySelector(`th.column-${column}`);
  const label = select.labels[0] ?? heading;
  return label ? label.textContent.replace(":", "").trim() : select.name;
}

function nameParts(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const parts = select.nextElementSibling.querySelectorAll(
      ".select2-selection, .select2-search__field",
    );
    for (const part of parts) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", nameOf(select));
    }
  }
}

// Each choice has a cross of its own; the one for all would be no item of their list.
for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) {
  select.dataset.allowClear = "false";
}

if ($?.fn.select2) {
  // Registered after the admin's own, so that there is something to name by then.
  $(() => nameParts(document));
  document.addEventListener("formset:added", (event) => nameParts(event.target));
  $(document).on("select2:select select2:unselect", (event) => nameParts(event.target.parentElement));
  $(document).on("select2:open", (event) => {
    document.querySelectorAll(".select2-container--open .select2-search__field").forEach((field) => {
      field.setAttribute("aria-label", nameOf(event.target));
    });
  });
}
