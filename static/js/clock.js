/* A session clock that counts by itself between two looks at the server, and says so when it cannot look.
   [data-clock] holds the state as JSON (milliseconds left, the length of every session); [data-part] blocks are shown
   for the session it is time for. Without script the page loads again every few seconds. */
(() => {
  "use strict";

  const face = document.querySelector("[data-clock]");
  if (!face) return;
  const find = (name) => face.querySelector(`[data-clock-${name}]`);
  const controls = document.querySelector("[data-clock-reload]");
  const sound = document.querySelector("[data-clock-sound]");
  const EVERY = Number(face.dataset.every); // a hall of telephones shares one line: they look less often than the wall
  let state = JSON.parse(face.dataset.state);
  let since = performance.now();
  let lostAt = null;
  let said = null;
  let audio = null;
  let waiting = null;
  let isLooking = false;

  function now() {
    let { part, left } = state;
    if (state.running) left -= performance.now() - since;
    while (state.automatic && left <= 0 && part < state.lengths.length) {
      part += 1;
      left += state.lengths[part] ?? 0;
    }
    return { part, left };
  }

  function words(left) {
    const seconds = Math.ceil(left / 1000);
    const [minutes, rest] = [Math.floor(Math.abs(seconds) / 60), Math.abs(seconds) % 60];
    return `${seconds < 0 ? "+" : ""}${minutes}:${String(rest).padStart(2, "0")}`;
  }

  function show() {
    const { part, left } = now();
    const isOver = part >= state.lengths.length;
    for (const block of face.querySelectorAll("[data-part]")) block.hidden = Number(block.dataset.part) !== part;
    const text = words(left);
    if (find("left").textContent !== text) find("left").textContent = text;
    find("left").hidden = isOver;
    find("stand").hidden = state.running || isOver;
    const kind = isOver ? "" : left <= 0 ? "late" : left <= 60000 && state.lengths[part] > 60000 ? "last" : "";
    face.classList.toggle("is-late", kind === "late");
    face.classList.toggle("is-last", kind === "last");
    const note = kind ? face.dataset[kind] : "";
    if (find("note").textContent !== note) find("note").textContent = note;
    const key = `${part}:${kind}`;
    if (said !== null && said !== key && kind && state.running) beep(kind);
    said = key;
  }

  function beep(kind) {
    if (!audio) return;
    const tone = audio.createOscillator();
    tone.frequency.value = kind === "late" ? 660 : 880;
    tone.connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + (kind === "late" ? 1.2 : 0.3));
  }

  sound?.addEventListener("click", () => {
    const isOn = sound.getAttribute("aria-pressed") !== "true";
    sound.setAttribute("aria-pressed", String(isOn));
    if (isOn) audio = new AudioContext();
    else {
      audio?.close();
      audio = null;
    }
  });

  const isTyping = () => [...(controls?.querySelectorAll("input:not([type=hidden])") ?? [])].some((one) => one.value || one === document.activeElement);

  async function look() {
    clearTimeout(waiting);
    if (document.hidden || isLooking) return; // hidden, it looks again as soon as it is seen
    isLooking = true;
    try {
      const answer = await fetch(face.dataset.url, { cache: "no-store", signal: AbortSignal.timeout(6000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      const isNew = found.version !== state.version || found.plan !== state.plan;
      if (isNew && (found.plan !== state.plan || controls) && !isTyping()) {
        location.reload();
        return;
      }
      state = found;
      since = performance.now();
      lostAt = null;
      find("lost").hidden = true;
    } catch {
      lostAt ??= window.parley.clock();
      find("lost").textContent = window.parley.fill(face.dataset.lost, { time: lostAt });
      find("lost").hidden = false;
    }
    isLooking = false;
    show();
    waiting = setTimeout(look, EVERY);
  }

  show();
  setInterval(show, 200);
  waiting = setTimeout(look, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
