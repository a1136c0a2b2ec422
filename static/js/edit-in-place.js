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

// What is half written stays: another place of the same value is not renewed over it, and the page is not left with it
// unasked.
const isChanged = (form) =>
  form.querySelector("[role=alert]") !== null ||
  [...form.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue) ||
  [...form.querySelectorAll("option")].some((option) => option.selected && !option.defaultSelected);
const isWrittenIn = (place) => [...place.querySelectorAll("form[data-edit]")].some(isChanged);

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (isWrittenIn(detail.target)) detail.shouldSwap = false;
});

addEventListener("beforeunload", (event) => {
  if (isWrittenIn(document)) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!target.matches?.("[data-value]")) return;
  const field = target.querySelector("form [aria-invalid=true], form :is(input:not([type=hidden]), select, textarea)");
  (field ?? target.querySelector("a.edit"))?.focus();
  field?.select?.();
});
