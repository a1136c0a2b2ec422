// What htmx leaves to the page: tidy addresses, what was chosen before it was there, a word when a request fails, a
// way out when the session has ended.
document.addEventListener("htmx:configRequest", ({ detail, target }) => {
  if (!target.matches("form[data-tidy]")) return;
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});

// Of a date that it cannot read a browser leaves nothing, which nobody has chosen.
const isAsItCame = (field) => {
  if (!field.options) return ["", field.defaultValue].includes(field.value) && field.checked === field.defaultChecked;
  const options = [...field.options];
  return options.some((each) => each.defaultSelected) || field.multiple
    ? options.every((each) => each.selected === each.defaultSelected)
    : field.selectedIndex <= 0;
};

// htmx takes the page up at the same moment, with a listener that is older.
document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll("form :is(input, select, textarea)")) {
    if (!isAsItCame(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const landed = new URL(detail.xhr.responseURL || location.href).pathname;
  if (landed !== document.body.dataset.signIn) return;
  detail.shouldSwap = false;
  location.reload();
});

// What the server says on the page that it answered with, if that is one of ours.
const said = (answer) => {
  const page = new DOMParser().parseFromString(answer, "text/html").querySelector(".dead-end");
  return page && [...page.querySelectorAll("h1, p")].map((part) => part.textContent.trim().replace(/[^.?!]$/, "$&."));
};

const tell = (reason, words) => {
  const notice = document.getElementById("request-failed").content.cloneNode(true);
  for (const each of notice.querySelectorAll("[data-reason]")) if (each.dataset.reason !== reason) each.remove();
  if (words) notice.querySelector("[data-reason]").textContent = words.join(" ");
  document.querySelector("[data-request-failed]")?.remove();
  document.getElementById("notices").append(notice);
};

document.addEventListener("htmx:responseError", ({ detail }) => tell("answer", said(detail.xhr.responseText)));
for (const failed of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, () => tell("connection"));
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) document.querySelector("[data-request-failed]")?.remove();
});
