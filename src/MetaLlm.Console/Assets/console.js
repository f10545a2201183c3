// Small conveniences. Every page works without them.
"use strict";
(() => {
  const page = document.documentElement;
  page.classList.add("scripted");

  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.submit());
  }

  // A menu closes by Escape and by a click elsewhere.
  const menu = document.querySelector("details.menu");
  if (menu) {
    document.addEventListener("keydown", e => {
      if (e.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", e => {
      if (menu.open && !menu.contains(e.target)) {
        menu.open = false;
      }
    });
  }

  // <div data-fragment="URL" data-every="SECONDS"> renews its content while somebody can see it.
  for (const part of document.querySelectorAll("[data-fragment]")) {
    const every = Number(part.dataset.every) * 1000;
    const state = document.querySelector("[data-live-state]");
    const usual = state?.textContent;
    const say = (text, stale) => {
      if (state) {
        state.textContent = text;
        state.parentElement.classList.toggle("stale", stale);
      }
    };
    let running = false;
    const renew = async () => {
      if (running || document.hidden || part.contains(document.activeElement)) {
        return;
      }
      running = true;
      try {
        const answer = await fetch(part.dataset.fragment, { headers: { "x-metallm-fragment": "1" }, cache: "no-store" });
        if (answer.status === 401) {
          location.reload();
          return;
        }
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        const open = [...part.querySelectorAll("details")].map(details => details.open);
        const next = document.createRange().createContextualFragment(await answer.text());
        part.replaceChildren(next);
        [...part.querySelectorAll("details")].forEach((details, i) => { details.open = open[i] ?? false; });
        window.metallmCharts?.(part);
        say(usual, false);
      } catch {
        say(state?.dataset.stale, true);
      } finally {
        running = false;
      }
    };
    setInterval(renew, every);
    document.addEventListener("visibilitychange", () => document.hidden ? say(state?.dataset.paused, true) : renew());
  }
})();
