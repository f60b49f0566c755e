// A student's page is drawn from the data when somebody asks for it: by a link to the student, or to print it.
(() => {
  const root = document.documentElement;
  const place = document.getElementById("student");
  const matrix = document.getElementById("matrix");
  let data; // is read when it is needed first

  // make is an element of ours. What is in it is text or such elements.
  const make = (name, attributes, ...parts) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...parts.filter((part) => part !== null));
    return element;
  };
  const text = (i) => data.texts[i];
  const list = (name, items) => make(name, {}, ...items.map((i) => make("li", {}, text(i))));
  const strong = (words) => make("strong", {}, words);

  const tries = (all) => make("div", { class: "wide" }, make("table", {}, make("caption", {}, "Attempts"),
    make("thead", {}, make("tr", {}, ...["Time", "File", "Points", "What became of it"].map((head) =>
      make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...all.map(([when, ...cells]) => make("tr", {}, make("th", { scope: "row" }, text(when)),
      ...cells.map((i) => make("td", {}, text(i))))))));

  const card = (fix) => {
    const { id, title } = data.steps[fix.step];
    const sentences = [];
    for (let i = 0; i < fix.sentences.length; i += 2) {
      sentences.push(make("div", {}, make("dt", {}, text(fix.sentences[i])), make("dd", {}, text(fix.sentences[i + 1]))));
    }
    return make("article", { class: `card ${fix.verdict}` },
      make("h5", {}, text(title)),
      make("p", {}, make("span", { class: `verdict ${fix.verdict}` },
        make("span", { "aria-hidden": "true" }, data.marks[fix.verdict]), ` ${fix.verdict}`),
      `, ${fix.earned} of ${fix.points} ${fix.points === 1 ? "point" : "points"}, `, make("code", {}, text(id)),
      ...(fix.required ? [", ", strong("required")] : [])),
      make("dl", {}, ...sentences),
      ...(fix.hints.length ? [make("p", {}, strong("Hints:")), list("ol", fix.hints)] : []),
      ...(fix.commands.length ? [make("p", {}, strong("To fix it:")),
        make("pre", { tabindex: "0", role: "group", "aria-label": "Commands" },
          make("code", {}, fix.commands.map(text).join("\n")))] : []),
      fix.console < 0 ? null : make("p", {}, strong("In the console:"), ` ${text(fix.console)}`));
  };

  // page is the page of the student at an index. What is for the instructor only is not printed.
  const page = (index) => {
    const student = data.students[index];
    const heading = make("h3", { tabindex: "-1" }, text(student.name));
    return make("article", { class: "student" },
      make("div", { class: "screen" },
        make("a", { href: "#students" }, "Back to the table"), " ",
        make("button", { type: "button", "data-print": "one" }, "Print this page")),
      heading, make("p", { class: "standing" }, text(student.standing)),
      make("p", { class: "paper" }, data.title),
      ...student.said.map((i) => make("p", {}, text(i))),
      ...student.flags.map((i) => make("p", { class: "screen" }, strong(`Flag #${i + 1}:`), ` ${text(data.flags[i])}`)),
      student.tries.length ? tries(student.tries) : null,
      ...(student.fix.length ? [make("h4", {}, "What to fix first"), ...student.fix.map(card)] : []),
      ...(student.waits.length ? [make("h4", {}, "What waits for another step"), list("ul", student.waits)] : []),
      student.done ? make("p", {}, "Nothing is left to fix.") : null);
  };

  const indexOf = (hash) => /^#student-(\d+)$/.exec(hash)?.[1] - 1;
  const read = () => data ??= JSON.parse(document.getElementById("data").textContent);

  const show = (hash) => {
    const index = indexOf(hash);
    if (!(index >= 0 && index < read().students.length)) return;
    place.replaceChildren(page(index));
    place.scrollIntoView();
    place.querySelector("h3").focus({ preventScroll: true });
  };
  addEventListener("hashchange", () => show(location.hash));
  show(location.hash);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#student-']");
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      show(link.hash);
    }
    const button = event.target.closest("button[data-print]");
    if (!button) return;
    if (button.dataset.print === "students") {
      read();
      const rows = Array.from(matrix.tBodies[0].rows).filter((row) => !row.hidden);
      place.replaceChildren(...rows.map((row) => page(indexOf(`#${row.id}`))));
    }
    root.dataset.print = button.dataset.print;
    print();
  });
  addEventListener("afterprint", () => {
    if (root.dataset.print === "students") place.replaceChildren();
    delete root.dataset.print;
  });
})();
