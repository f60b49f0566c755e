// The fields above the matrix hide its rows, and the pages of the students whom they hide.
(() => {
  const by = (id) => document.getElementById(id);
  const students = Array.from(by("matrix").tBodies[0].rows, (row) => {
    const link = row.cells[0].querySelector("a");
    return { row, page: by(link.hash.slice(1)), text: `${link.textContent} ${row.dataset.find}`.toLowerCase() };
  });

  const filter = () => {
    const words = by("find").value.trim().toLowerCase();
    let count = 0;
    for (const { row, page, text } of students) {
      const there = text.includes(words) &&
        (by("outcome").selectedIndex === 0 || row.dataset.outcome === by("outcome").value) &&
        (!by("flagged").checked || "flagged" in row.dataset);
      row.hidden = page.hidden = !there;
      count += there;
    }
    by("shown").textContent = `${count} of ${students.length} students`;
  };

  for (const id of ["find", "outcome", "flagged"]) by(id).addEventListener("input", filter);
  filter();
})();
