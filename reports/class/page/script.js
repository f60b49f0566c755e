"use strict";
(() => {
  const table = document.getElementById("students");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const search = document.getElementById("search");
  const status = document.getElementById("status");
  const shown = document.getElementById("shown");
  const texts = rows.map((row) => row.cells[0].textContent.toLowerCase() + " " + row.dataset.key.toLowerCase());

  const filter = () => {
    const words = search.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, i) => {
      row.hidden = !texts[i].includes(words) || (status.value !== "" && row.dataset.status !== status.value);
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = count + " of " + rows.length + " students";
  };

  const sort = (header, column) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    const sorted = rows.slice().sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1));
    body.append(...sorted);
  };

  Array.from(table.tHead.rows[0].cells).forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => sort(header, column));
  });
  search.addEventListener("input", filter);
  status.addEventListener("change", filter);
  document.getElementById("controls").hidden = false;
  filter();
})();
