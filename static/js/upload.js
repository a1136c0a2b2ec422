// A file that is too large is refused before it is sent, and its way is shown; the server checks anyway.
document.addEventListener("change", ({ target }) => {
  const { maxBytes, tooLarge } = target.form?.dataset ?? {};
  if (target.type !== "file" || !maxBytes) return;
  target.setCustomValidity(target.files[0]?.size > Number(maxBytes) ? tooLarge : "");
  target.reportValidity();
});

document.addEventListener("htmx:xhr:progress", ({ detail, target }) => {
  const bar = target.querySelector("[data-upload]");
  if (!bar || !detail.lengthComputable) return;
  bar.hidden = false;
  bar.querySelector("progress").value = detail.loaded / detail.total;
});
