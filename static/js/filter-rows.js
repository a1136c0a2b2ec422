// Shows only the rows that contain every word, as one types. What is typed stays in the browser.
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
// Label and name, then the value; what stands for none is no value.
const sought = (row) =>
  `${[...row.querySelectorAll("th > :is(bdi, code)")].map((part) => part.textContent).join(" ")} ${row.querySelector(".value:not(:has(.none))")?.textContent ?? ""}`.toLowerCase();
// A row in which somebody is writing stays in sight.
const isEdited = (row) => row.querySelector("form") !== null;

for (const form of document.querySelectorAll("form[data-filter-rows]")) {
  const table = document.getElementById(form.dataset.filterRows);
  const field = form.querySelector("input[type=search]");
  const status = form.querySelector("[role=status]");
  const groups = [...table.querySelectorAll("[data-group]")].map((group) => ({
    group,
    rows: [...group.querySelectorAll("[data-row]")],
  }));

  const filter = () => {
    const wanted = words(field.value);
    let shown = 0;
    for (const { group, rows } of groups) {
      let inGroup = 0;
      for (const row of rows) {
        const text = sought(row);
        row.hidden = !isEdited(row) && !wanted.every((word) => text.includes(word));
        inGroup += !row.hidden;
      }
      group.hidden = wanted.length > 0 && !inGroup;
      shown += inGroup;
    }
    status.textContent = wanted.length ? form.dataset.some.replace("[n]", shown) : form.dataset.all;
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", filter);
  // What was typed before the page was left and come back to.
  if (field.value) filter();
}
