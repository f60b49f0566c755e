// What needs the script is shown. A link to a student's page opens it, and a part of the page can be printed by itself.
(() => {
  const root = document.documentElement;
  for (const part of document.querySelectorAll("[data-needs]")) part.hidden = false;

  const open = (hash) => {
    const page = document.getElementById(hash.slice(1));
    if (page instanceof HTMLDetailsElement) page.open = true;
  };
  addEventListener("hashchange", () => open(location.hash));
  open(location.hash);

  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href^='#']");
    if (link) open(link.hash); // also when the address has it already
    const button = target.closest("button[data-print]");
    if (!button) return;
    root.dataset.print = button.dataset.print;
    button.closest("details")?.classList.add("chosen");
    print();
  });
  addEventListener("afterprint", () => {
    delete root.dataset.print;
    document.querySelector(".chosen")?.classList.remove("chosen");
  });
})();
