/* The board of a draft on top of its links: drag and drop, arrow keys, and the page is not loaded anew.

   a[data-pick]      what can be picked up
   [data-target]     where it can be put
   [data-board]      the part that is exchanged */
(() => {
  "use strict";

  const board = () => document.querySelector("[data-board]");
  if (!board()) return;

  async function visit(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-board]");
    if (!answer.ok || !fresh) return window.location.assign(address);
    board().replaceWith(document.importNode(fresh, true));
    window.history.replaceState(null, "", address);
    const focus = board().querySelector("[data-focus]");
    focus?.focus({ preventScroll: true });
    focus?.scrollIntoView({ block: "nearest" });
  }

  const address = (pick, to) => {
    const url = new URL(window.location.href);
    url.search = new URLSearchParams(to ? { pick, to } : { pick }).toString();
    url.hash = "";
    return url.toString();
  };

  const fits = (pick, target) =>
    target === "tray" || (pick.startsWith("judge:") ? target.startsWith("table:") : target.startsWith("seat:"));

  let dragged = null;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-board] a[href*='/board']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    visit(link.href);
  });

  document.addEventListener("dragstart", (event) => {
    const link = event.target.closest?.("a[data-pick]");
    if (!link) return;
    dragged = link.dataset.pick;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", link.textContent.trim());
    for (const place of board().querySelectorAll("[data-target]")) {
      place.classList.toggle("can-drop", fits(dragged, place.dataset.target));
    }
  });

  document.addEventListener("dragover", (event) => {
    const place = event.target.closest?.("[data-target]");
    if (dragged && place && fits(dragged, place.dataset.target)) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    const place = event.target.closest?.("[data-target]");
    if (!dragged || !place || !fits(dragged, place.dataset.target)) return;
    event.preventDefault();
    if (place.dataset.target !== dragged) visit(address(dragged, place.dataset.target));
  });

  document.addEventListener("dragend", () => {
    dragged = null;
    for (const place of board().querySelectorAll(".can-drop")) place.classList.remove("can-drop");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && new URL(window.location.href).searchParams.has("pick")) {
      event.preventDefault();
      visit(window.location.pathname);
      return;
    }
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
    const cell = document.activeElement?.closest?.(".board-table > [data-target]");
    if (!cell || !(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    const [down, right] = steps[event.key];
    const rows = [...board().querySelectorAll(".board-table")];
    const cells = [...cell.parentElement.querySelectorAll(":scope > [data-target]")];
    const row = rows[rows.indexOf(cell.parentElement) + down];
    const place = row?.querySelectorAll(":scope > [data-target]")[cells.indexOf(cell) + right];
    const link = place?.querySelector("a");
    if (!link) return;
    event.preventDefault();
    link.focus();
  });
})();
