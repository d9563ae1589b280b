// Notes as one types them: each change counted, what is not saved yet sent when the page is left. All works without this.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-note]")) {
    const text = form.elements.texte, rank = form.elements.rang;
    let kept = text.value, sending = "", failed = false, leaving = false;

    text.addEventListener("input", () => { rank.value = Number(rank.value) + 1; });
    form.addEventListener("htmx:beforeRequest", () => { sending = text.value; });
    form.addEventListener("htmx:afterRequest", (event) => {
      failed = !event.detail.successful;
      if (!failed) kept = sending;
    });
    form.addEventListener("submit", () => { leaving = true; });
    addEventListener("beforeunload", (event) => {
      if (failed && !leaving && text.value !== kept) event.preventDefault(); // nothing answers: ask before it is lost
    });
    addEventListener("pagehide", () => {
      if (leaving || text.value === kept) return;
      fetch(form.action, {
        method: "POST", keepalive: true, headers: { "hx-request": "true" }, body: new URLSearchParams(new FormData(form)),
      });
    });
  }
})();
