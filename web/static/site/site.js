// What script adds to pages that work without it: the focus on a refused form, a question that is asked as one types, a clock-free warning when
// the connection is gone, and forms that keep what was typed until it has arrived. It never decides anything.
(() => {
  "use strict";

  // A refused form: its summary is read first.
  const focusProblem = (root) => root.querySelector("[data-focus]")?.focus();
  focusProblem(document);
  document.addEventListener("htmx:afterSettle", (e) => focusProblem(e.target));

  // A refused form that came by htmx is shown like any other page part.
  document.addEventListener("htmx:beforeSwap", (e) => {
    if (e.detail.xhr.status === 422 || e.detail.xhr.status === 409) {
      e.detail.shouldSwap = true;
      e.detail.isError = false;
    }
  });

  // One click, one request: the second of a double click is not sent.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "true";
    window.setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));

  // A menu closes when one goes on elsewhere.
  document.addEventListener("click", (e) => {
    document.querySelectorAll("details.menu[open]").forEach((d) => { if (!d.contains(e.target)) d.open = false; });
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((d) => { d.open = false; d.querySelector("summary").focus(); });
  });

  // "Select all" above a list of boxes.
  document.addEventListener("change", (e) => {
    const name = e.target.dataset?.all;
    if (!name) return;
    e.target.form.querySelectorAll(`input[type=checkbox][name="${name}"]:not(:disabled)`).forEach((box) => { box.checked = e.target.checked; });
  });

  // Offline says so; what was typed stays in the page, and is sent when its writer asks again.
  const bar = document.querySelector("[data-offline]");
  const show = () => { if (bar) bar.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
})();
