/* A judge's sheet on a phone: running totals, the order so far, and a draft that is never lost.

   Expected markup (the macros in templates/macros/scoresheet.html write all of it):

   <form method="post" data-sheet data-sheet-key="round-table-judge" data-sheet-version="3"
         data-autosave-url="..." data-delegate-marks="mean|sum" data-decimals="2" data-ties="shared|chair|forbidden">
     <div data-sheet-status data-text-kept=... data-text-saved=...><p data-sheet-message></p></div>
     <div data-sheet-conflict hidden> buttons data-sheet-use="phone" and data-sheet-use="server" </div>
     <section data-team-block="T1" data-team-name="...">
       <output data-total-for="T1"></output> <span data-missing-for="T1" data-text="{count} missing"></span>
       <input type="number" min max step data-mark data-team="T1" data-weight="2">                     a team criterion
       <input type="number" min max step data-mark data-team="T1" data-delegate="D1" data-weight="1">  a delegate criterion
       <input type="checkbox" data-took-part data-team="T1" data-delegate="D1">                        optional
     </section>
     <ol data-ranking><li data-rank-team="T1"><span data-rank></span><span data-rank-total></span></li></ol>
     <p data-ties-note data-text-tie="... {teams}" data-text-forbidden="... {teams}"></p>
   </form>
   On the receipt: <div data-sheet-clear="round-table-judge"></div> lets the phone forget the draft.

   Marks of a delegate who did not take part are hidden and not sent.
   Total of a team = sum of weight x mark over team criteria + mean (or sum) over the delegates who took part of their
   weighted marks. A preview: the server computes what counts.

   Autosave posts the whole form to data-autosave-url with X-CSRFToken and Accept: application/json. Answers: 2xx with
   {"version": 4} (optional) = saved; 409 = changed elsewhere; 401, 403 = signed out; other 4xx = refused, stays here.
   Works on plain http: localStorage only, keys and versions come from the server. */
(() => {
  "use strict";

  const { fill, clock } = window.parley;
  const PREFIX = "parley.sheet.";
  const PAUSE = 1500;
  const RETRY = 20000;

  /* ---------- What is kept on this phone ---------- */

  const shelf = {
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(PREFIX + key));
      } catch {
        return null;
      }
    },
    write(key, draft) {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify(draft));
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

  const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  /* ---------- Totals and order ---------- */

  function totalOf(form, team) {
    let missing = 0;
    let total = 0;
    const delegates = new Map();
    for (const input of form.querySelectorAll("[data-mark]")) {
      if (input.dataset.team !== team || input.disabled) continue;
      const delegate = input.dataset.delegate;
      if (delegate && !tookPart(form, team, delegate)) continue;
      if (input.value === "" || !input.validity.valid) {
        missing += 1;
        continue;
      }
      const points = Number(input.value) * Number(input.dataset.weight || 1);
      if (delegate) delegates.set(delegate, (delegates.get(delegate) ?? 0) + points);
      else total += points;
    }
    const sum = [...delegates.values()].reduce((a, b) => a + b, 0);
    if (delegates.size) total += form.dataset.delegateMarks === "sum" ? sum : sum / delegates.size;
    return { team, total, missing };
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
      block.querySelectorAll("[data-mark]").forEach((input) => (input.disabled = isOut));
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
    let sending = null;
    let isStopped = false; // nothing more is sent
    let isUndecided = false; // two versions: what the phone kept is not overwritten

    const say = (state, time = clock()) => {
      const text = fill(status.dataset["text" + state[0].toUpperCase() + state.slice(1)] ?? "", { time });
      status.dataset.state = state;
      if (message.textContent !== text) message.textContent = text;
    };

    const keep = () => {
      if (isUndecided) return;
      const draft = { version: form.dataset.sheetVersion, at: clock(), values: valuesOf(form) };
      const isStored = shelf.write(key, draft);
      if (!isStopped) say(isStored ? "kept" : "unkept");
    };

    const send = () => {
      clearTimeout(timer);
      if (!form.dataset.autosaveUrl || isStopped || sending) return;
      sending = post().finally(() => (sending = null));
    };

    const post = async () => {
      const sent = valuesOf(form);
      say("saving");
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body: new FormData(form),
          credentials: "same-origin",
          redirect: "manual",
          headers: { "X-CSRFToken": form.elements.csrf_token?.value ?? "", Accept: "application/json" },
        });
        await take(answer, sent);
      } catch {
        say("offline");
        timer = setTimeout(send, RETRY);
        return;
      }
      if (!isStopped && !isSame(sent, valuesOf(form))) timer = setTimeout(send, PAUSE);
    };

    const take = async (answer, sent) => {
      if (answer.ok) {
        const body = (answer.headers.get("content-type") ?? "").includes("json") ? await answer.json() : {};
        if (body.version !== undefined) {
          form.dataset.sheetVersion = body.version;
          if (form.elements.version) form.elements.version.value = body.version;
        }
        fromServer = sent;
        if (isSame(sent, valuesOf(form))) shelf.forget(key);
        else keep();
        say("saved");
      } else if (answer.status === 409) {
        isStopped = true;
        say("stale");
      } else if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
        isStopped = true;
        say("signedout");
      } else if (answer.status >= 500 || answer.status === 429) {
        say("offline");
        timer = setTimeout(send, RETRY);
      } else {
        say("refused");
      }
    };

    const changed = () => {
      showTotals(form);
      keep();
      clearTimeout(timer);
      timer = setTimeout(send, PAUSE);
    };

    const restore = () => {
      const draft = shelf.read(key);
      if (!draft || isSame(draft.values, fromServer)) {
        shelf.forget(key);
        return;
      }
      if (draft.version !== form.dataset.sheetVersion && conflict) {
        conflict.hidden = false;
        isStopped = isUndecided = true;
        conflict.addEventListener("click", (event) => {
          const choice = event.target.closest("[data-sheet-use]")?.dataset.sheetUse;
          if (!choice) return;
          conflict.hidden = true;
          isStopped = isUndecided = false;
          if (choice === "phone") {
            putValues(form, draft.values);
            changed();
          } else {
            shelf.forget(key);
          }
        });
        return;
      }
      putValues(form, draft.values);
      say("restored", draft.at);
      timer = setTimeout(send, PAUSE);
    };

    say("clean");
    restore();
    showTotals(form);
    watchFaults(form);
    form.addEventListener("input", changed);
    form.addEventListener("submit", async (event) => {
      clearTimeout(timer);
      isStopped = true;
      if (!sending) return;
      event.preventDefault(); // the version changes when the save that is under way ends: submit after it
      await sending;
      form.requestSubmit(event.submitter);
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) isStopped = isUndecided;
    });
    window.addEventListener("online", send);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && !isSame(valuesOf(form), fromServer)) send();
    });
  }

  document.querySelectorAll("[data-sheet-clear]").forEach((one) => shelf.forget(one.dataset.sheetClear));
  document.querySelectorAll("form[data-sheet]").forEach(openSheet);
})();
