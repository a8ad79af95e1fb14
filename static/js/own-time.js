/* Puts the reader's own time beside a time of the edition, where their clocks differ.
   [data-own-time] holds the moment, data-zone the edition's zone, data-text the words with a place for {time}. */
(() => {
  "use strict";

  const language = document.documentElement.lang;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wall = (moment, timeZone) => moment.toLocaleString("sv", { timeZone });

  for (const place of document.querySelectorAll("[data-own-time]")) {
    const moment = new Date(place.dataset.ownTime);
    const [here, there] = [wall(moment, own), wall(moment, place.dataset.zone)];
    if (here === there) continue;
    const isOtherDay = here.slice(0, 10) !== there.slice(0, 10);
    const hour = language.startsWith("zh") ? "2-digit" : "numeric";
    const form = { hour, minute: "2-digit", ...(isOtherDay ? { weekday: "short", day: "numeric", month: "short" } : {}) };
    place.textContent = window.parley.fill(place.dataset.text, { time: moment.toLocaleString(language, form) });
    place.title = own;
    place.hidden = false;
  }
})();
