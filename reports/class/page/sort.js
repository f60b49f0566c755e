"use strict";
// A button in the head of a table sorts by its column; pressed again, the other way round. Rows without a value come
// last, and equal rows stay in the order of the page. Verdicts are sorted worst first.
(() => {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const worst = ["fail", "partial", "blocked", "unknown", "pass", "skipped", "none"];
  const value = (cell) => {
    const verdict = worst.indexOf(cell.textContent);
    if (verdict >= 0) return cell.textContent === "none" ? "" : String(verdict);
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const heads = Array.from(table.tHead.querySelectorAll("th:has(button)"));

    const sort = (column) => {
      const head = heads[column];
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row) => ({ row, key: value(row.cells[column]) }));
      keyed.sort((a, b) => (a.key === "") - (b.key === "") || compare(a.key, b.key) * (down ? -1 : 1));
      body.append(...keyed.map(({ row }) => row));
      const said = table.id === "matrix" && document.getElementById("order");
      if (said) said.textContent = `, by ${head.querySelector("button").textContent}, ${head.getAttribute("aria-sort")}`;
    };

    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => sort(column)));
  }
})();
