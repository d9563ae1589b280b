// A request as one types it: each step saved by itself, and the sums of the budget. All of it also works without this.
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const told = form.querySelector("[data-told]");
  const stamp = form.querySelector("input[name=tampon]");
  let waiting = 0, saving = false, again = false, stopped = false, leaving = false;

  async function save() {
    if (stopped) return;
    if (saving) { again = true; return; }
    saving = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(new FormData(form)),
      });
      if (answer.ok || answer.status === 409 || answer.status === 401) {
        const said = await answer.json();
        told.textContent = said.told;
        if (answer.ok) stamp.value = said.stamp;
        else stopped = answer.status === 409; // two windows: the person decides, with the button
      }
    } catch { /* offline: the button still saves */ }
    saving = false;
    if (leaving) form.submit();
    else if (again) { again = false; save(); }
  }

  const later = () => { clearTimeout(waiting); waiting = setTimeout(save, 1200); };
  form.addEventListener("input", later);
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    stopped = true;
    if (saving) { event.preventDefault(); leaving = true; } // what is on its way arrives first
  });

  const sums = form.querySelector("[data-sums]");
  if (!sums) return;
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  const read = (text) => Math.round(parseFloat(text.replace(/[\s€]/g, "").replace(",", ".")) * 100) || 0;
  function add() {
    const total = { charge: 0, produit: 0 };
    for (const input of form.querySelectorAll("input[data-side]")) total[input.dataset.side] += read(input.value);
    total.gap = total.charge - total.produit;
    for (const name in total) sums.querySelector(`[data-sum=${name}]`).textContent = money.format(total[name] / 100);
  }
  form.addEventListener("input", add);
  add();
})();
