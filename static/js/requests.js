// What htmx leaves to the page: tidy addresses, a word when a request fails, a way out when the session has ended.
document.addEventListener("htmx:configRequest", ({ detail, target }) => {
  if (!target.matches("form[data-tidy]")) return;
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const landed = new URL(detail.xhr.responseURL || location.href).pathname;
  if (landed !== document.body.dataset.signIn) return;
  detail.shouldSwap = false;
  location.reload();
});

for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, () => {
    const notices = document.getElementById("notices");
    const words = document.getElementById("request-failed");
    if (!notices.querySelector("[data-request-failed]")) notices.append(words.content.cloneNode(true));
  });
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) document.querySelector("[data-request-failed]")?.remove();
});
