// Writing a message: the preview follows the text, and variables are put where one writes.
const DELAY_MS = 400;
const form = document.querySelector("form[data-compose]");
const show = document.querySelector("[data-preview]");
let number = 0;
let waiting;

// Each time into a new frame: the first page of a frame adds no step to the way back, and the old one is seen until then.
const preview = () => {
  const old = document.querySelector(".preview-frame:not([hidden])");
  for (const frame of document.querySelectorAll(".preview-frame[hidden]")) frame.remove();
  const fresh = old.cloneNode();
  number += 1;
  fresh.name = `preview-${number}`;
  fresh.hidden = true;
  old.after(fresh);
  fresh.addEventListener("load", () => {
    old.remove();
    fresh.hidden = false;
  });
  show.formTarget = fresh.name;
  form.requestSubmit(show);
};

const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(preview, DELAY_MS);
};

if (form && show) {
  form.addEventListener("input", soon);
  for (const view of document.querySelectorAll("[name=view]")) view.addEventListener("change", preview);
  // Also of what stands there from the beginning: what was started from, or come back to.
  addEventListener("load", () => form.dispatchEvent(new Event("input", { bubbles: true })));
}

// What is half written is not left behind unasked.
let changed = false;
let leaving = false;
form?.addEventListener("input", ({ isTrusted }) => (changed ||= isTrusted));
form?.addEventListener("submit", ({ submitter }) => (leaving = submitter !== show));
addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});

// Where one wrote last.
let field = form?.querySelector("textarea[data-liquid]");
form?.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-liquid]")) field = target;
});

for (const code of document.querySelectorAll("code[data-insert]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "insert";
  button.textContent = code.textContent;
  button.addEventListener("click", () => {
    field.focus();
    field.setRangeText(code.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  code.replaceChildren(button);
}
