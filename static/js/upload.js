// Shows how much of a file has been sent; without it the form is posted as any other.
document.addEventListener("htmx:xhr:progress", ({ detail, target }) => {
  const bar = target.querySelector("[data-upload]");
  if (!bar || !detail.lengthComputable) return;
  bar.hidden = false;
  bar.querySelector("progress").value = detail.loaded / detail.total;
});
