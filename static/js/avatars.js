// A picture that does not load goes away, so that the initials beneath it are seen.
document.addEventListener(
  "error",
  ({ target }) => {
    if (target.matches?.(".avatar img")) target.remove();
  },
  true,
);
// Those that have failed before this was listening.
for (const picture of document.querySelectorAll(".avatar img")) {
  if (picture.complete && !picture.naturalWidth) picture.remove();
}
