/* A judge's sheet on a phone: running totals, the order so far, and a draft that is never lost.

   Expected markup (the macros in templates/macros/scoresheet.html write all of it):

   <form method="post" data-sheet data-sheet-key="round-table-judge" data-sheet-version="3" data-saved-from="page"
         data-autosave-url="..." data-submit-url="..." data-pulse-url="..."
         data-delegate-marks="mean|sum" data-decimals="2" data-ties="shared|chair|forbidden">
     hidden fields version, page (names this open page), idempotency_key, csrf_token: all from the server
     <div data-sheet-status data-text-kept=... data-text-saved=...><p data-sheet-message></p></div>
     <div data-sheet-conflict hidden> buttons data-sheet-use="phone" and data-sheet-use="server" </div>
     <section data-team-block="T1" data-team-name="...">
       <output data-total-for="T1"></output> <span data-missing-for="T1" data-text="{count} missing"></span>
       <input type="number" min max step data-mark data-team="T1" data-weight="2">                     a team criterion
       <input type="number" min max step data-mark data-team="T1" data-delegate="D1" data-weight="1">  a delegate criterion
       <input type="checkbox" data-took-part data-team="T1" data-delegate="D1">                        optional
       <input type="checkbox" data-unseen="id of the mark">                                            optional
     </section>
     <ol data-ranking><li data-rank-team="T1"><span data-rank></span><span data-rank-total></span></li></ol>
     <p data-ties-note data-text-tie="... {teams}" data-text-forbidden="... {teams}"></p>
   </form>
   [data-sheet-offer], [data-sheet-waiting]   handing in without a line, beside the form of a sheet or its review
   form[data-sheet-review]                    the form that hands a reviewed sheet in
   [data-sheet-left="key"]                    in the list of tables: what this phone still keeps, and sends
   [data-sheet-clear="key"]                   on the receipt: the phone forgets the draft (data-always: whatever it keeps)
   a[data-sheet-drop="key"]                   forgets it when followed

   Marks of a delegate who did not take part are hidden and not sent.
   Total of a team = sum of weight x mark over team criteria + mean (or sum) over the delegates who took part of their
   weighted marks. A preview: the server computes what counts.

   Every keystroke is kept in localStorage; other open pages of the same sheet on this phone take it over at once.
   Autosave posts the whole form with Accept: application/json: 2xx {"version", "faults"} = saved (but for the faults);
   409 = changed elsewhere; 400, 401, 403 or a redirect = signed out; anything else, and silence = no line.
   A sheet submitted without a line is posted whole with the form key of its page until the server says "received";
   the same key twice is the same sheet. Works on plain http: no service worker, no crypto, keys from the server. */
(() => {
  "use strict";

  const { fill, clock } = window.parley;
  const PREFIX = "parley.sheet.";
  const PAUSE = 1500;
  const RETRY = 10000;
  const PATIENCE = 12000;

  /* ---------- What is kept on this phone ---------- */

  // A record: {version, page, at, values, isSaved}, and {waiting: {key, at}} once it was submitted without a line.
  const shelf = {
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(PREFIX + key));
      } catch {
        return null;
      }
    },
    write(key, record) {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify(record));
        return true;
      } catch {
        return false;
      }
    },
    forget(key) {
      try {
        localStorage.removeItem(PREFIX + key);
      } catch {
        /* Nothing was kept. */
      }
    },
  };

  const isKept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

  function valuesOf(form) {
    const values = {};
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "checkbox") values[field.name + "=" + field.value] = field.checked;
      else if (field.type === "radio") values[field.name] = field.checked ? field.value : (values[field.name] ?? "");
      else values[field.name] = field.value;
    }
    return values;
  }

  function putValues(form, values) {
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      const key = field.type === "checkbox" ? field.name + "=" + field.value : field.name;
      if (!(key in values)) continue;
      if (field.type === "checkbox") field.checked = values[key];
      else if (field.type === "radio") field.checked = values[key] === field.value;
      else field.value = values[key];
    }
  }

  // The same as a form with these values would send.
  function bodyOf(values, more) {
    const body = new URLSearchParams(more);
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === "string") body.append(name, value);
      else if (value) body.append(name.slice(0, name.lastIndexOf("=")), name.slice(name.lastIndexOf("=") + 1));
    }
    return body;
  }

  const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  /* ---------- The line ---------- */

  // What came back: {word, body}. "silent" is no line (or a server that cannot answer now), "out" is signed out.
  async function ask(url, options = {}) {
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(url, {
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store",
        signal: patience.signal,
        ...options,
        headers: { Accept: "application/json", ...options.headers },
      });
      const isJson = (answer.headers.get("content-type") ?? "").includes("json");
      const body = isJson ? await answer.json() : {};
      if (answer.ok) return { word: isJson ? "ok" : "silent", body };
      if (answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status)) return { word: "out", body };
      if (answer.status === 409) return { word: body.error === "stale" ? "stale" : "closed", body };
      if (answer.status === 429 || answer.status >= 500) return { word: "silent", body };
      return { word: "refused", body };
    } catch {
      return { word: "silent", body: {} };
    } finally {
      clearTimeout(alarm);
    }
  }

  const post = (url, body, token) => ask(url, { method: "POST", body, headers: { "X-CSRFToken": token } });

  // Hand in what the shelf keeps as submitted; the same key however often it is sent.
  function deliver(record, url, token) {
    const more = { whole: "1", version: record.version, page: record.page, idempotency_key: record.waiting.key };
    return post(url, bodyOf(record.values, more), token);
  }

  // Call when there may be a line (again): now and then, when the browser says so, when the page is looked at.
  function whenThereMayBeALine(call) {
    window.addEventListener("online", call);
    window.addEventListener("pageshow", (event) => event.persisted && call());
    document.addEventListener("visibilitychange", () => !document.hidden && call());
  }

  /* ---------- Totals and order ---------- */

  function totalOf(form, team) {
    let missing = 0;
    let total = 0;
    const delegates = new Map();
    const asked = [...form.querySelectorAll("[data-mark]")].filter(
      (input) => input.dataset.team === team && (!input.dataset.delegate || tookPart(form, team, input.dataset.delegate)),
    );
    const given = asked.filter((input) => !isUnseen(form, input) && input.value !== "" && input.validity.valid);
    for (const input of asked) {
      const delegate = input.dataset.delegate;
      const mark = isUnseen(form, input) ? standIn(given, input) : given.includes(input) ? Number(input.value) : null;
      if (mark === null) {
        missing += 1;
        continue;
      }
      const points = mark * Number(input.dataset.weight || 1);
      if (delegate) delegates.set(delegate, (delegates.get(delegate) ?? 0) + points);
      else total += points;
    }
    const sum = [...delegates.values()].reduce((a, b) => a + b, 0);
    if (delegates.size) total += form.dataset.delegateMarks === "sum" ? sum : sum / delegates.size;
    return { team, total, missing };
  }

  const isUnseen = (form, input) => Boolean(form.querySelector(`[data-unseen="${CSS.escape(input.id)}"]:checked`));

  // What counts for a mark that was not observed (judging/unobserved.py): the average of the like, to the step.
  function standIn(given, input) {
    const own = given.filter((one) => one.dataset.delegate === input.dataset.delegate);
    const mates = given.filter((one) => one.dataset.delegate);
    const like = own.length || !input.dataset.delegate ? own : mates.length ? mates : given;
    if (!like.length) return null;
    const weight = (one) => Number(one.dataset.weight || 1);
    const share = (one) => (Number(one.value) - Number(one.min)) / (Number(one.max) - Number(one.min));
    const mean = like.reduce((sum, one) => sum + weight(one) * share(one), 0) / like.reduce((sum, one) => sum + weight(one), 0);
    const step = Number(input.step) || 1e-6;
    const steps = Math.floor((mean * (Number(input.max) - Number(input.min))) / step + 0.5 + 1e-9);
    return Math.min(Number(input.max), Number(input.min) + steps * step);
  }

  function tookPart(form, team, delegate) {
    const box = [...form.querySelectorAll("[data-took-part]")].find((one) => one.dataset.team === team && one.dataset.delegate === delegate);
    return !box || box.checked;
  }

  function showTotals(form) {
    const decimals = Number(form.dataset.decimals || 2);
    const rounded = (number) => Math.round((number + 1e-9) * 10 ** decimals) / 10 ** decimals;
    const totals = [...form.querySelectorAll("[data-team-block]")].map((block) => totalOf(form, block.dataset.teamBlock));
    for (const one of totals) {
      one.total = rounded(one.total);
      const output = form.querySelector(`[data-total-for="${CSS.escape(one.team)}"]`);
      if (output) output.textContent = one.total.toFixed(decimals);
      const note = form.querySelector(`[data-missing-for="${CSS.escape(one.team)}"]`);
      if (note) note.textContent = one.missing ? fill(note.dataset.text, { count: one.missing }) : "";
    }
    showOrder(form, totals, decimals);
    for (const block of form.querySelectorAll("[data-delegate-block]")) {
      const box = block.querySelector("[data-took-part]");
      const isOut = Boolean(box) && !box.checked;
      block.classList.toggle("is-out", isOut);
      block.querySelectorAll("[data-mark]").forEach((input) => (input.disabled = isOut || isUnseen(form, input)));
    }
    for (const box of form.querySelectorAll("[data-unseen]")) {
      const input = document.getElementById(box.dataset.unseen);
      if (!input.closest("[data-delegate-block]")) input.disabled = box.checked;
      input.closest(".mark").classList.toggle("is-unseen", box.checked);
    }
  }

  function showOrder(form, totals, decimals) {
    const list = form.querySelector("[data-ranking]");
    if (!list) return;
    const ready = totals.filter((one) => !one.missing);
    const place = (one) => 1 + ready.filter((other) => other.total > one.total).length;
    const equals = (one) => ready.filter((other) => other.total === one.total);
    const items = new Map([...list.children].map((item) => [item.dataset.rankTeam, item]));
    const order = [...totals].sort((a, b) => (a.missing > 0) - (b.missing > 0) || (a.missing ? 0 : b.total - a.total));
    for (const one of order) {
      const item = items.get(one.team);
      if (!item) continue;
      item.querySelector("[data-rank]").textContent = one.missing ? "–" : place(one) + (equals(one).length > 1 ? "=" : "");
      item.querySelector("[data-rank-total]").textContent = one.missing ? "–" : one.total.toFixed(decimals);
    }
    const wanted = order.map((one) => items.get(one.team)).filter(Boolean);
    if (wanted.some((item, at) => list.children[at] !== item)) list.append(...wanted);
    sayTies(form, ready, equals);
  }

  function sayTies(form, ready, equals) {
    const note = form.querySelector("[data-ties-note]");
    if (!note) return;
    const names = (one) => form.querySelector(`[data-team-block="${CSS.escape(one.team)}"]`).dataset.teamName;
    const groups = new Map(ready.filter((one) => equals(one).length > 1).map((one) => [one.total, equals(one).map(names).join(" = ")]));
    const teams = [...groups.values()].join("; ");
    const text = form.dataset.ties === "forbidden" ? note.dataset.textForbidden : note.dataset.textTie;
    const said = teams ? fill(text, { teams }) : "";
    if (note.textContent !== said) note.textContent = said;
  }

  /* ---------- One sheet ---------- */

  // What is wrong with a typed mark, in the words of its field; empty when it can stand (or is not there yet).
  function faultOf(input) {
    const { badInput, rangeOverflow, rangeUnderflow, stepMismatch } = input.validity;
    if (badInput) return input.dataset.numberText;
    if (rangeOverflow || rangeUnderflow) return input.dataset.rangeText;
    return stepMismatch ? input.dataset.stepText : "";
  }

  function showFault(input) {
    const mark = input.closest(".mark");
    const text = faultOf(input);
    let line = mark.querySelector(".form-error");
    if (!text) {
      if (line) line.remove();
    } else {
      if (!line) {
        line = document.createElement("p");
        line.className = "form-error";
        line.id = `${input.id}-error`;
        line.setAttribute("role", "alert");
        mark.querySelector(".mark-scale").after(line);
      }
      line.textContent = text;
    }
    mark.classList.toggle("has-error", Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", `${input.id}-scale${text ? ` ${line.id}` : ""}`);
  }

  // Told at once, but not while a number is still being typed: on leaving the field, and while mending it.
  function watchFaults(form) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-mark]")) showFault(event.target);
    });
    form.addEventListener("input", (event) => {
      const mark = event.target.matches("[data-mark]") && event.target.closest(".mark");
      if (mark && mark.classList.contains("has-error")) showFault(event.target);
    });
  }

  function openSheet(form) {
    const key = form.dataset.sheetKey;
    const status = form.querySelector("[data-sheet-status]");
    const message = form.querySelector("[data-sheet-message]");
    const conflict = form.querySelector("[data-sheet-conflict]");
    let fromServer = valuesOf(form);
    let timer = null;
    let knocking = null;
    let sending = null;
    let state = "open"; // open, out (signed out), stale (changed elsewhere), undecided (two versions), waiting, left

    const say = (word, values = {}) => {
      const text = fill(status.dataset["text" + word[0].toUpperCase() + word.slice(1)] ?? "", { time: clock(), ...values });
      status.dataset.state = word;
      if (message.textContent !== text) message.textContent = text;
    };

    const again = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(send, pause);
    };

    const setVersion = (version) => {
      form.dataset.sheetVersion = version;
      if (form.elements.version) form.elements.version.value = version;
    };

    const keep = (more = {}) => {
      const record = { version: form.dataset.sheetVersion, page: form.elements.page?.value ?? "", at: clock(), values: valuesOf(form), ...more };
      return shelf.write(key, record);
    };

    /* -- Sending -- */

    const send = () => {
      clearTimeout(timer);
      if (!form.dataset.autosaveUrl || state !== "open") return sending;
      sending ??= save().finally(() => (sending = null));
      return sending;
    };

    const save = async () => {
      const sent = valuesOf(form);
      say("saving");
      const { word, body } = await post(form.dataset.autosaveUrl, new URLSearchParams(new FormData(form)), form.elements.csrf_token?.value ?? "");
      if (state === "left") return word;
      if (word === "ok") {
        setVersion(body.version);
        fromServer = sent;
        const isSaved = !body.faults?.length && isSame(sent, valuesOf(form));
        keep({ isSaved });
        say(body.faults?.length ? "refused" : "saved");
        if (!isSame(sent, valuesOf(form))) again(PAUSE);
      } else if (word === "stale") {
        state = "stale";
        say("stale");
      } else if (word === "closed") {
        form.hidden = true;
        window.location.reload(); // submitted or waived elsewhere: the server's page says so
      } else if (word === "out") {
        state = "out";
        say("signedout");
        knockLater();
      } else if (word === "refused") {
        say("refused");
      } else {
        say("offline");
        again(RETRY);
      }
      return word;
    };

    const knockLater = () => {
      clearTimeout(knocking);
      knocking = setTimeout(knock, RETRY);
    };

    // Is somebody (the right one) signed in again, and is the sheet as this page knows it?
    const knock = async () => {
      if (!form.dataset.pulseUrl || document.hidden || sending || ["left", "undecided"].includes(state)) return;
      const { word, body } = await ask(form.dataset.pulseUrl);
      if (word === "silent") {
        if (state === "waiting") knockLater();
        return;
      }
      if (word !== "ok" || body.key !== key) {
        if (["open", "out"].includes(state)) {
          state = "out";
          say(word === "ok" ? "stranger" : "signedout");
        }
        return knockLater();
      }
      form.elements.csrf_token.value = body.token;
      if (state === "waiting") return deliverWaiting();
      if (state === "out") state = "open";
      const isElsewhere = String(body.version) !== form.dataset.sheetVersion && body.saved_from !== form.elements.page?.value;
      if (!body.is_open || (isElsewhere && isSame(valuesOf(form), fromServer))) return window.location.reload();
      if (isElsewhere && state === "open") {
        state = "stale";
        say("stale");
      } else if (!isSame(valuesOf(form), fromServer)) {
        send();
      }
    };

    const changed = () => {
      showTotals(form);
      if (state === "undecided") return;
      const isStored = keep();
      if (state === "open") {
        say(isStored ? "kept" : "unkept");
        again(PAUSE);
      }
    };

    /* -- Handing in without a line -- */

    const queue = queueOf(form, {
      queue: () => {
        keep({ waiting: { key: form.elements.idempotency_key.value, at: clock() } });
        wait();
        deliverWaiting();
      },
      withdraw: () => {
        state = "open";
        setWaiting(false);
        keep();
        again(PAUSE);
      },
    });

    const setWaiting = (isWaiting) => {
      queue?.show(isWaiting ? "waiting" : "");
      form.querySelectorAll("[data-team-block]").forEach((block) => (block.inert = isWaiting));
      const bar = document.querySelector(".action-bar");
      if (bar) bar.hidden = isWaiting;
    };

    const wait = () => {
      state = "waiting";
      setWaiting(true);
      say("waiting", { time: shelf.read(key).waiting.at });
    };

    const deliverWaiting = async () => {
      const record = shelf.read(key);
      if (state !== "waiting" || !record?.waiting || sending) return;
      sending = deliver(record, form.dataset.submitUrl, form.elements.csrf_token.value).finally(() => (sending = null));
      const { word, body } = await sending;
      if (state !== "waiting") return;
      if (word === "ok") {
        state = "left";
        shelf.forget(key);
        window.location.replace(body.location);
      } else if (word === "closed") {
        window.location.reload();
      } else if (word === "stale" || word === "refused") {
        setWaiting(false);
        keep();
        state = word === "stale" ? "stale" : "open";
        say(word);
        if (word === "refused") form.requestSubmit(document.querySelector('[name="action"][value="review"]'));
      } else {
        if (word === "out") say("signedout");
        knockLater();
      }
    };

    const offer = () => {
      const wrong = [...form.querySelectorAll("[data-mark]")].filter(
        (input) => isAsked(form, input) && (input.value === "" || !input.validity.valid),
      );
      if (wrong.length) {
        say("unfinished", { count: wrong.length });
        wrong[0].focus();
      } else if (keep() && form.elements.idempotency_key) {
        queue?.show("offer");
      } else {
        say("offline");
      }
    };

    /* -- Coming back -- */

    const restore = () => {
      const record = shelf.read(key);
      if (!record) return;
      const isOwn = record.version === form.dataset.sheetVersion || (record.page && record.page === form.dataset.savedFrom);
      if (record.waiting) {
        putValues(form, record.values);
        wait();
        deliverWaiting();
      } else if (isSame(record.values, fromServer) || (record.isSaved && !isOwn)) {
        keep({ isSaved: true });
      } else if (isOwn) {
        putValues(form, record.values);
        keep();
        say("restored", { time: record.at });
        again(PAUSE);
      } else if (conflict) {
        conflict.hidden = false;
        state = "undecided";
        conflict.addEventListener("click", (event) => {
          const choice = event.target.closest("[data-sheet-use]")?.dataset.sheetUse;
          if (!choice) return;
          conflict.hidden = true;
          state = "open";
          if (choice === "phone") putValues(form, record.values);
          changed();
        });
      }
    };

    // Another open page of this sheet on this phone: both show what was typed last, and speak as one page.
    const takeOver = (event) => {
      if (event.key !== PREFIX + key || !event.newValue || !["open", "out"].includes(state)) return;
      const record = JSON.parse(event.newValue);
      putValues(form, record.values);
      setVersion(record.version);
      if (form.elements.page) form.elements.page.value = record.page;
      if (record.isSaved) fromServer = record.values;
      clearTimeout(timer);
      showTotals(form);
      if (record.waiting) wait();
    };

    const leave = async (event) => {
      clearTimeout(timer);
      if (event.defaultPrevented || !["open", "out"].includes(state)) return; // sent as any form is
      event.preventDefault();
      keep();
      if (state === "out") await knock();
      const word = state === "open" ? await (sending ?? send()) : "";
      if (word === "silent" || (state === "out" && event.submitter?.value === "review")) {
        if (event.submitter?.value === "review") offer();
        return;
      }
      if (state === "out" || form.hidden) return;
      clearTimeout(timer);
      const before = state;
      state = "left";
      form.requestSubmit(event.submitter);
      setTimeout(() => (state = before), RETRY); // still here: the answer was a download or never came
    };

    say("clean");
    restore();
    showTotals(form);
    watchFaults(form);
    form.addEventListener("input", changed);
    form.addEventListener("submit", leave);
    window.addEventListener("storage", takeOver);
    window.addEventListener("pageshow", (event) => event.persisted && state === "left" && (state = "open"));
    whenThereMayBeALine(() => (state === "open" && !isSame(valuesOf(form), fromServer) ? send() : knock()));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && !isSame(valuesOf(form), fromServer)) send();
    });
  }

  const isAsked = (form, input) => !input.disabled && (!input.dataset.delegate || tookPart(form, input.dataset.team, input.dataset.delegate));

  /* ---------- Handing in ---------- */

  // The offer and the waiting notice beside a form; nothing where the page has none.
  function queueOf(form, { queue, withdraw }) {
    const parts = { offer: document.querySelector("[data-sheet-offer]"), waiting: document.querySelector("[data-sheet-waiting]") };
    if (!parts.offer || !form.dataset.sheetKey) return null;
    const show = (name) => {
      for (const [own, part] of Object.entries(parts)) part.hidden = own !== name;
      if (!name) return;
      parts[name].scrollIntoView({ block: "center" });
      parts[name].focus({ preventScroll: true });
    };
    for (const part of Object.values(parts)) {
      part.addEventListener("click", (event) => {
        if (event.target.closest("[data-sheet-queue]")) queue();
        else if (event.target.closest("[data-sheet-withdraw]")) {
          show("");
          withdraw();
        }
      });
    }
    return { show };
  }

  // The review: what it shows is saved. Without a line the sheet is handed in from what the phone kept.
  function openReview(form) {
    const key = form.dataset.sheetKey;
    const record = shelf.read(key);
    const version = form.elements.version.value;
    if (record && (record.version === version || record.page === form.dataset.savedFrom)) {
      shelf.write(key, { ...record, version, isSaved: true, waiting: undefined });
    }
    let isSending = false;
    const isQueued = () => Boolean(shelf.read(key)?.waiting);
    const token = () => form.elements.csrf_token.value;
    const queue = queueOf(form, {
      queue: () => {
        shelf.write(key, { ...shelf.read(key), waiting: { key: form.elements.idempotency_key.value, at: clock() } });
        queue.show("waiting");
        send();
      },
      withdraw: () => shelf.write(key, { ...shelf.read(key), waiting: undefined }),
    });

    const send = async () => {
      if (isSending) return;
      isSending = true;
      const kept = shelf.read(key);
      const sending = kept?.waiting ? deliver(kept, form.action, token()) : post(form.action, new URLSearchParams(new FormData(form)), token());
      const { word, body } = await sending;
      isSending = false;
      if (word === "ok") {
        shelf.forget(key);
        window.location.replace(body.location);
      } else if (!kept || !["silent", "out"].includes(word)) {
        form.dataset.plain = "1";
        form.requestSubmit(); // the server's page says what is wrong
      } else if (isQueued()) {
        setTimeout(() => isQueued() && send(), RETRY);
      } else {
        queue.show("offer");
      }
    };

    form.addEventListener("submit", (event) => {
      if (form.dataset.plain) return;
      event.preventDefault();
      send();
    });
    whenThereMayBeALine(() => isQueued() && send());
  }

  /* ---------- Other pages ---------- */

  function tell(element, word, values) {
    const message = element.querySelector("[data-sheet-message]");
    message.textContent = fill(message.dataset["text" + word[0].toUpperCase() + word.slice(1)], values);
    element.hidden = false;
  }

  // In the list of tables, where a judge lands after signing in again.
  function sendLeft(element) {
    const key = element.dataset.sheetLeft;
    let isSending = false;
    const send = async () => {
      const record = shelf.read(key);
      if (!record || record.isSaved || isSending) return;
      tell(element, record.waiting ? "waiting" : "kept", { time: record.waiting?.at ?? record.at });
      if (!record.waiting) return;
      isSending = true;
      const { word } = await deliver(record, element.dataset.submitUrl, element.dataset.csrf);
      isSending = false;
      if (word === "ok") {
        shelf.forget(key);
        window.location.reload();
      } else if (word === "silent") {
        setTimeout(send, RETRY);
      } else if (word !== "out") {
        shelf.write(key, { ...record, waiting: undefined });
        tell(element, "refused", { time: record.waiting.at });
      }
    };
    send();
    whenThereMayBeALine(send);
  }

  // The receipt: the sheet arrived. What never did is not forgotten in silence.
  async function clear(element) {
    const key = element.dataset.sheetClear;
    const record = shelf.read(key);
    if (!record) return;
    if (record.isSaved || "always" in element.dataset) return shelf.forget(key);
    if (record.waiting && (await deliver(record, element.dataset.submitUrl, element.dataset.csrf)).word === "ok") return shelf.forget(key);
    tell(element, "kept", { time: record.at });
    element.querySelector("[data-sheet-forget]").addEventListener("click", () => {
      shelf.forget(key);
      element.hidden = true;
    });
  }

  const all = (selector, call) => document.querySelectorAll(selector).forEach(call);
  all("[data-sheet-clear]", clear);
  all("[data-sheet-left]", sendLeft);
  all("[data-sheet-drop]", (link) => link.addEventListener("click", () => shelf.forget(link.dataset.sheetDrop)));
  all("form[data-sheet]", openSheet);
  all("form[data-sheet-review]", openReview);
})();
