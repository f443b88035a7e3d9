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
    if (e.defaultPrevented || form.method !== "post" || form.dataset.passkey) return;
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

  // A field with completions: the list below it is walked with the arrow keys. Without script it is a plain field of a form.
  document.querySelectorAll("[data-combobox]").forEach((box) => {
    const field = box.querySelector("input"), list = box.querySelector("ul");
    const said = field.form.querySelector("[data-hint-count]");
    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => options().findIndex((o) => o.getAttribute("aria-selected") === "true");
    list.setAttribute("role", "listbox");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) field.setAttribute(name, value);
    const mark = (at) => {
      options().forEach((o, i) => { o.id = `${list.id}-${i}`; o.setAttribute("aria-selected", String(i === at)); });
      if (at < 0) { field.removeAttribute("aria-activedescendant"); return; }
      field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
      options()[at].scrollIntoView({ block: "nearest" });
    };
    const open = (yes) => {
      list.hidden = !yes;
      field.setAttribute("aria-expanded", String(yes));
      if (said) said.textContent = yes ? said.dataset.hintCount : "";
      mark(-1);
    };
    list.addEventListener("htmx:afterSwap", () => open(options().length > 0 && document.activeElement === field));
    field.addEventListener("blur", () => window.setTimeout(() => open(false), 200));
    field.addEventListener("keydown", (e) => {
      const n = options().length;
      if (e.key === "Escape" && !list.hidden) { e.preventDefault(); open(false); return; }
      if (e.key === "Enter" && !list.hidden && chosen() >= 0) { e.preventDefault(); window.location.assign(options()[chosen()].dataset.href); return; }
      if (!n || (e.key !== "ArrowDown" && e.key !== "ArrowUp")) return;
      e.preventDefault();
      const at = chosen();
      if (list.hidden) open(true);
      mark(e.key === "ArrowDown" ? (at + 1) % n : (at <= 0 ? n : at) - 1);
    });
    list.addEventListener("mousedown", (e) => {
      const o = e.target.closest("[data-href]");
      if (o) { e.preventDefault(); window.location.assign(o.dataset.href); }
    });
  });

  // "Near me": the point goes into a hidden field, rounded to a tenth of a degree, about ten kilometres.
  document.querySelectorAll("[data-near]").forEach((button) => {
    if (!navigator.geolocation) return;
    const field = document.getElementById(button.dataset.near), says = button.parentElement.querySelector("[data-near-says]");
    button.hidden = false;
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition((p) => {
      field.value = `${p.coords.latitude.toFixed(1)},${p.coords.longitude.toFixed(1)}`;
      says.textContent = "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }, () => { says.textContent = button.dataset.nearFailed; }, { timeout: 10000 }));
  });

  // The button that closes a sheet leads to what it shows.
  document.addEventListener("click", (e) => {
    const to = e.target.closest?.("[data-to]")?.dataset.to;
    if (to && window.location.hash && window.location.hash !== to) window.location.hash = to;
  });

  // The checksum of a file is counted here; the file stays where it is.
  document.querySelectorAll("form[data-hash]").forEach((form) => {
    const part = form.querySelector("[data-hash-file]"), field = form.elements[form.dataset.hash];
    if (!part || !window.crypto?.subtle) return;
    part.hidden = false;
    part.querySelector("input").addEventListener("change", async (e) => {
      const file = e.target.files[0];
      if (!file) return;
      const sum = await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      field.value = [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, "0")).join("");
    });
  });

  // Offline says so; what was typed stays in the page, and is sent when its writer asks again.
  const bar = document.querySelector("[data-offline]");
  const show = () => { if (bar) bar.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
})();

// Passkeys: the browser asks for one and puts its answer into the form, which is then sent like any other. Without the browser's help the form
// stays unseen.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  // Browsers of before 2025 know passkeys but not their JSON form: there bytes are written as base64url here.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const creation = (o) => PublicKeyCredential.parseCreationOptionsFromJSON?.(o)
    ?? { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: named(o.excludeCredentials) };
  const request = (o) => PublicKeyCredential.parseRequestOptionsFromJSON?.(o)
    ?? { ...o, challenge: bytes(o.challenge), allowCredentials: named(o.allowCredentials) };
  const written = (c) => c.toJSON?.() ?? {
    id: c.id, rawId: text(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment ?? undefined, clientExtensionResults: c.getClientExtensionResults(),
    response: {
      clientDataJSON: text(c.response.clientDataJSON), attestationObject: text(c.response.attestationObject), transports: c.response.getTransports?.(),
      authenticatorData: c.response.attestationObject ? undefined : text(c.response.authenticatorData), signature: text(c.response.signature),
      userHandle: text(c.response.userHandle) ?? undefined,
    },
  };
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.classList.remove("awaits");
    const says = form.querySelector("[data-says]");
    form.addEventListener("submit", async (e) => {
      if (form.elements.answer.value) return;
      e.preventDefault();
      says.hidden = true;
      try {
        const asked = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams({ _csrf: form.elements._csrf.value }) });
        const options = await asked.json();
        if (!asked.ok) throw new Error(options.detail);
        const credential = form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: creation(options) })
          : await navigator.credentials.get({ publicKey: request(options) });
        form.elements.answer.value = JSON.stringify(written(credential));
        form.requestSubmit();
      } catch (problem) {
        if (problem.name === "NotAllowedError" || problem.name === "AbortError") return; // its owner changed their mind
        says.textContent = problem.message;
        says.hidden = false;
      }
    });
  });
})();
