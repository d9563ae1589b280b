// An agenda put in order by dragging its cases, or from the keyboard; its buttons do the same without this.
"use strict";
(() => {
  const zone = () => document.getElementById("ordre");
  const rows = () => [...zone().querySelectorAll("tbody > tr[data-case]")];
  const live = document.getElementById("ordre-dit");
  if (!live || !window.htmx) return;
  let held = null, from = -1, target = null, after = false, moved = null;

  function say(words, row) {
    const all = rows();
    live.textContent = zone().dataset[words].replace("{case}", row.dataset.name)
      .replace("{place}", all.indexOf(row) + 1).replace("{count}", all.length);
  }

  function dress() {
    for (const row of rows()) {
      if (row.querySelector(".handle")) continue;
      const handle = document.createElement("button");
      handle.type = "button";
      handle.className = "handle";
      handle.textContent = "⠿";
      handle.setAttribute("aria-label", zone().dataset.handle.replace("{case}", row.dataset.name));
      handle.setAttribute("aria-pressed", "false");
      row.querySelector(".arrows").prepend(handle);
    }
  }

  function take(row) {
    held = row;
    from = rows().indexOf(row);
    row.classList.add("held");
    row.querySelector(".handle").setAttribute("aria-pressed", "true");
  }

  function release() {
    held.classList.remove("held");
    held.querySelector(".handle").setAttribute("aria-pressed", "false");
    mark(null);
    held = null;
  }

  function mark(row, below) {
    target?.classList.remove("drop-before", "drop-after");
    target = row;
    after = below;
    row?.classList.add(below ? "drop-after" : "drop-before");
  }

  function back() {
    const all = rows().filter((row) => row !== held);
    if (all[from]) all[from].before(held); else all.at(-1)?.after(held);
    const row = held;
    release();
    say("back", row);
  }

  function put() {
    const row = held, all = rows(), at = all.indexOf(row);
    if (at === from) { back(); return; }
    release();
    moved = row.dataset.case;
    const values = { dossier: moved, version: zone().dataset.version };
    if (all[at + 1]) values.avant = all[at + 1].dataset.case; else values.apres = all[at - 1].dataset.case;
    say("put", row);
    htmx.ajax("POST", zone().dataset.action, { source: row, target: "#ordre", select: "#ordre", swap: "outerHTML", values });
  }

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle || event.button !== 0 || held) return;
    event.preventDefault();
    handle.focus();
    take(handle.closest("tr"));
    const row = held;
    const over = (move) => {
      if (move.clientY < 60) scrollBy(0, -20); else if (move.clientY > innerHeight - 60) scrollBy(0, 20);
      const under = document.elementFromPoint(move.clientX, move.clientY)?.closest("#ordre tr[data-case]");
      if (!under || under === row) { mark(null); return; }
      const box = under.getBoundingClientRect();
      mark(under, move.clientY > box.top + box.height / 2);
    };
    const end = (done) => {
      removeEventListener("pointermove", over);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", cancel);
      if (held === row) done();
    };
    const drop = () => end(() => {
      const [beside, below] = [target, after];
      if (!beside) { release(); return; } // a click: the keyboard takes over
      if (below) beside.after(row); else beside.before(row);
      put();
    });
    const cancel = () => end(back);
    addEventListener("pointermove", over);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", cancel);
  });

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle) return;
    const row = handle.closest("tr"), takes = event.key === "Enter" || event.key === " ";
    if (!held && takes) { take(row); say("taken", row); }
    else if (held === row && takes) put();
    else if (held === row && event.key === "Escape") back();
    else if (held === row && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const up = event.key === "ArrowUp", beside = up ? row.previousElementSibling : row.nextElementSibling;
      if (up) beside?.before(row); else beside?.after(row);
      handle.focus();
      say("over", row);
    } else return;
    event.preventDefault();
    if (handle.isConnected) handle.focus();
  });

  document.addEventListener("focusout", (event) => {
    const handle = event.target.closest?.(".handle");
    if (handle && held === handle.closest("tr") && event.relatedTarget) back(); // gone elsewhere with Tab
  });
  document.addEventListener("htmx:afterSwap", () => {
    dress();
    if (moved) document.querySelector(`#dossier-${moved} .handle`)?.focus();
    moved = null;
  });
  const lost = () => { if (moved) { live.textContent = zone().dataset.lost; setTimeout(() => location.reload(), 1500); } };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status !== 409) lost(); });
  dress();
})();
