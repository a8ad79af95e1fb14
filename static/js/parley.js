/* What every page gets on top of plain HTML. Nothing here is needed to complete a task.

   data-focus                     takes the focus when the page opens (error summaries)
   [data-table] around a table    search box [data-table-search], th[data-sort=text|number], td[data-value], tr[data-search],
                                  arrow keys between rows, "/" to the search box
   form[data-guard]               asks before unsaved changes are left behind
   form[method=post]              is sent once (data-many: as often as pressed)
   [data-autosubmit]              sends its form when it changes (keep a button for those without script)
   button[data-copy]              copies its text; works on plain http
   details.menu                   closes on Escape and on a click elsewhere
   [data-close] in a details      closes it
   [data-stepper]                 minus and plus around a number input
   [data-live]                    says when it could not refresh; waits while the page is hidden
   [data-print]                   opens the print dialogue */
(() => {
  "use strict";

  document.documentElement.classList.add("js");

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  window.parley = { fill, clock };

  /* ---------- Tables ---------- */

  const tableStates = new Map();
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLocaleLowerCase().replace(/\s+/g, " ").trim();

  function enhanceTable(block) {
    const table = block.querySelector("table");
    const state = tableStates.get(block.dataset.table) ?? { query: "", column: null, direction: null };
    tableStates.set(block.dataset.table, state);
    addSortButtons(table, state);
    markStickyHeader(block, table);
    const search = block.querySelector("[data-table-search]");
    if (search) {
      if (state.query && search.value !== state.query) search.value = state.query;
      filterRows(block, table, search, state);
    }
    if (state.column !== null) sortRows(table, state.column, state.direction);
  }

  function addSortButtons(table, state) {
    for (const header of table.querySelectorAll("thead th[data-sort]")) {
      if (header.querySelector(".sort-button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort-button";
      const link = header.querySelector("a");
      button.append(...(link ?? header).childNodes);
      header.replaceChildren(button);
      button.addEventListener("click", () => {
        const firstDirection = header.dataset.sort === "number" ? "descending" : "ascending";
        const other = { ascending: "descending", descending: "ascending" };
        state.column = header.cellIndex;
        state.direction = other[header.getAttribute("aria-sort")] ?? firstDirection;
        sortRows(table, state.column, state.direction);
      });
    }
  }

  function markStickyHeader(block, table) {
    const name = table.querySelector("tbody th");
    if (!name || !table.matches(".table-sticky-column")) return;
    [...table.tHead.rows].at(-1).cells[name.cellIndex].classList.add("is-sticky");
    const pane = block.querySelector(".table-scroll");
    pane.addEventListener("scroll", () => pane.classList.toggle("is-scrolled", pane.scrollLeft > 0), { passive: true });
  }

  function sortRows(table, column, direction) {
    const headers = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    for (const header of headers) if (header.dataset.sort) header.setAttribute("aria-sort", "none");
    const header = headers.find((cell) => cell.cellIndex === column);
    header.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const isNumber = header.dataset.sort === "number";
    const keyOf = (row) => {
      const cell = row.cells[column];
      const text = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
      if (!isNumber) return text;
      const number = parseFloat(text.replace(/[^\d.eE+-]/g, ""));
      return Number.isNaN(number) ? null : number;
    };
    const compare = (a, b) => {
      if (a === null || a === "") return b === null || b === "" ? 0 : 1; // what is missing stays at the end
      if (b === null || b === "") return -1;
      return sign * (isNumber ? a - b : collator.compare(a, b));
    };
    for (const body of table.tBodies) {
      const rows = [...body.rows].map((row) => [keyOf(row), row]);
      rows.sort((a, b) => compare(a[0], b[0]));
      body.append(...rows.map((pair) => pair[1]));
    }
  }

  function filterRows(block, table, search, state) {
    const apply = () => {
      state.query = search.value;
      const words = folded(search.value).split(" ").filter(Boolean);
      let shown = 0;
      let all = 0;
      for (const body of table.tBodies) {
        for (const row of body.rows) {
          const text = folded(`${row.textContent} ${row.dataset.search ?? ""}`);
          row.hidden = !words.every((word) => text.includes(word));
          all += 1;
          shown += row.hidden ? 0 : 1;
        }
      }
      const count = block.querySelector("[data-table-count]");
      const kind = shown === 0 ? "textNone" : words.length ? "text" : "textAll";
      if (count) count.textContent = fill(count.dataset[kind], { shown, all });
    };
    if (!search.dataset.ready) search.addEventListener("input", apply);
    search.dataset.ready = "1";
    apply();
  }

  function moveBetweenRows(event) {
    const row = event.target.closest("[data-table] tbody tr");
    if (!row || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (!(event.key in steps)) return;
    const reach = (one) => [...one.querySelectorAll("a[href], button, summary, input[type=checkbox]")];
    const at = Math.max(0, reach(row).indexOf(event.target));
    const rows = [...row.parentElement.rows].filter((one) => !one.hidden && reach(one).length);
    const next = rows[rows.indexOf(row) + steps[event.key]];
    if (!next) return;
    event.preventDefault();
    const targets = reach(next);
    targets[Math.min(at, targets.length - 1)].focus();
  }

  /* ---------- Forms ---------- */

  const guarded = new Set();

  function guard(form) {
    const mark = () => guarded.add(form);
    form.addEventListener("input", mark);
    form.addEventListener("submit", () => guarded.delete(form));
  }

  window.addEventListener("beforeunload", (event) => {
    if (guarded.size) event.preventDefault();
  });

  function sendOnce(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "many" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const buttons = form.querySelectorAll("button:not([type=button])");
    buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(() => sendAgain(form), 8000); // a download leaves the page where it is
  }

  function sendAgain(form) {
    delete form.dataset.sent;
    form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }

  /* ---------- Steppers ---------- */

  const decimalsOf = (text) => (text.split(".")[1] ?? "").length;

  function step(input, direction) {
    const size = Number(input.step) > 0 ? Number(input.step) : 1;
    const low = input.min === "" ? -Infinity : Number(input.min);
    const high = input.max === "" ? Infinity : Number(input.max);
    const base = Number.isFinite(low) ? low : 0;
    const digits = Math.max(decimalsOf(input.step), decimalsOf(input.min));
    let next;
    if (input.value === "") {
      // The first press of an empty mark starts in the middle of its scale, so that neither end is nearer.
      next = Number.isFinite(low) && Number.isFinite(high) ? base + Math.floor((high - low) / 2 / size) * size : base;
    } else {
      const steps = (Number(input.value) - base) / size;
      const whole = Math.abs(steps - Math.round(steps)) < 1e-9 ? Math.round(steps) + direction : direction > 0 ? Math.ceil(steps) : Math.floor(steps);
      next = base + whole * size;
    }
    input.value = Math.min(high, Math.max(low, next)).toFixed(digits);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  let holding = null;

  function holdStep(event) {
    const button = event.target.closest("[data-step]");
    if (!button || event.button > 0) return;
    const input = button.closest("[data-stepper]").querySelector("input");
    const again = () => {
      step(input, Number(button.dataset.step));
      holding = setTimeout(again, 90);
      button.dataset.held = "1";
    };
    clearTimeout(holding);
    holding = setTimeout(again, 450);
  }

  /* ---------- Small helps ---------- */

  async function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea"); // plain http: no clipboard API
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  async function copy(button) {
    await copyText(button.dataset.copy);
    const label = button.querySelector("[data-copy-label]") ?? button;
    button.dataset.label ??= label.textContent;
    label.textContent = button.dataset.done;
    setTimeout(() => (label.textContent = button.dataset.label), 2000);
  }

  function closePanels(except) {
    for (const panel of document.querySelectorAll("details.menu[open]")) {
      if (!except || !panel.contains(except)) panel.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    closePanels(event.target);
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-step]")) {
      clearTimeout(holding);
      if (button.dataset.held) delete button.dataset.held;
      else step(button.closest("[data-stepper]").querySelector("input"), Number(button.dataset.step));
    } else if (button.matches("[data-copy]")) {
      copy(button);
    } else if (button.matches("[data-close]")) {
      button.closest("details").open = false;
    } else if (button.matches("[data-print]")) {
      window.print();
    }
  });

  document.addEventListener("pointerdown", holdStep);
  for (const end of ["pointerup", "pointercancel", "pointerleave", "contextmenu"]) {
    document.addEventListener(end, () => clearTimeout(holding));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = event.target.closest?.("details.menu[open]");
      closePanels();
      open?.querySelector("summary").focus();
    } else if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      const search = document.querySelector("[data-table-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
    } else {
      moveBetweenRows(event);
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // A wheel turned over a focused number must not change it.
  document.addEventListener("wheel", (event) => {
    if (event.target.matches("input[type=number]") && document.activeElement === event.target) event.target.blur();
  }, { passive: true });

  /* ---------- Live boards (htmx) ---------- */

  const noteOf = (element) => element.closest?.("[data-live-block]")?.querySelector("[data-live-note]");
  const refreshedAt = new WeakMap();

  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && event.target.matches?.("[data-live]")) event.preventDefault();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    start(event.target.isConnected ? event.target : document);
    const note = noteOf(event.target);
    if (!note || (event.detail.ctx?.response?.status ?? 200) >= 400) return;
    note.hidden = true;
    event.target.classList.remove("live-stale");
    refreshedAt.set(note, clock());
  });

  function sayStale(event) {
    const note = noteOf(event.target);
    if (!note) return;
    note.textContent = fill(note.dataset.text, { time: refreshedAt.get(note) ?? opened });
    note.hidden = false;
    event.target.classList.add("live-stale");
  }

  const opened = clock();
  document.addEventListener("htmx:error", sayStale);
  document.addEventListener("htmx:response:error", sayStale);

  /* ---------- Start ---------- */

  function start(root) {
    const blocks = [...root.querySelectorAll("[data-table]")];
    if (root.matches?.("[data-table] *")) blocks.push(root.closest("[data-table]"));
    blocks.forEach(enhanceTable);
  }

  /* On a narrow screen the way and its tabs scroll sideways: where one is comes into sight. */
  function showWhereWeAre() {
    for (const current of document.querySelectorAll(":is(.steps, .tabs) [aria-current]")) {
      const bar = current.closest("ol, ul");
      const [here, whole] = [current.getBoundingClientRect(), bar.getBoundingClientRect()];
      if (here.left < whole.left || here.right > whole.right) bar.scrollLeft += here.left + here.width / 2 - whole.left - whole.width / 2;
    }
  }

  start(document);
  showWhereWeAre();
  document.querySelectorAll("form[data-guard]").forEach(guard);
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(sendAgain));
})();
