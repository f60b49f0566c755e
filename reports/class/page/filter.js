// The fields above the matrix hide its rows.
(() => {
  const by = (id) => document.getElementById(id);
  const value = (id) => by(id)?.value ?? "";
  const students = Array.from(by("matrix").tBodies[0].rows, (row) => ({
    row, text: `${row.cells[0].textContent} ${row.dataset.find}`.toLowerCase(),
  }));
  const before = 6; // the columns before those of the steps

  const filter = () => {
    const words = by("find").value.trim().toLowerCase();
    const outcome = value("outcome"), section = value("section"), step = value("step"), flag = value("flag");
    let count = 0;
    for (const { row, text } of students) {
      const { dataset } = row;
      const there = text.includes(words) &&
        (!outcome || dataset.outcome === outcome) &&
        (!section || dataset.section === section) &&
        (!step || !/^(pass|skipped|none)\b/.test(row.cells[before + Number(step)].className)) &&
        (!flag || (dataset.flags !== undefined && (flag === "*" || dataset.flags.split(" ").includes(flag))));
      row.hidden = !there;
      count += there;
    }
    by("shown").textContent = `${count} of ${students.length} students`;
  };

  for (const id of ["find", "outcome", "section", "step", "flag"]) by(id)?.addEventListener("input", filter);
  filter();
  requestAnimationFrame(() => setTimeout(() => by("matrix").classList.add("whole")));
  addEventListener("beforeprint", () => by("matrix").classList.add("whole"));
  for (const part of document.querySelectorAll("[data-needs]")) part.hidden = false;
})();
