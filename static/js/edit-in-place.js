// Values that are edited where they stand: Escape puts the form away, Enter saves (with Shift, it begins a new line),
// and the focus goes where a person would look next.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-edit]");
  if (!form || event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault();
    form.querySelector("[data-cancel]").click();
  } else if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!target.matches?.("[data-value]")) return;
  const field = target.querySelector("form [aria-invalid=true], form :is(input:not([type=hidden]), select, textarea)");
  (field ?? target.querySelector("a.edit"))?.focus();
  field?.select?.();
});
