/* Small comforts; every page works without this file. */
(() => {
  "use strict";

  const framed = window.self !== window.top;

  // Done for each page: one that comes without reloading says so (page-memory.js).
  const dress = () => {
    // The server cannot always tell whether the page is inside a frame; the browser can.
    if (!framed) {
      document.querySelectorAll("[data-new-tab]").forEach((link) => link.closest("li").remove());
    }

    // The summary of errors is the first thing to read after a refused form.
    document.querySelector("[data-focus]")?.focus();

    // On a narrow screen the present space must be in sight.
    const current = document.querySelector(".site-nav [aria-current]");
    if (current) {
      const list = current.closest("ul");
      const place = current.getBoundingClientRect();
      const frame = list.getBoundingClientRect();
      list.scrollLeft += place.left + place.width / 2 - frame.left - frame.width / 2;
    }

    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const field = document.getElementById(button.dataset.copy);
        field.select();
        try {
          await navigator.clipboard.writeText(field.value);
        } catch {
          document.execCommand("copy"); // a frame may not be given the clipboard
        }
        button.querySelector("span").textContent = button.dataset.copied;
        document.getElementById(`${field.id}-said`).textContent = button.dataset.copied;
      });
    });
  };

  // A second press on the same button must not post twice.
  document.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!submitter || event.target.method !== "post" || event.target.target === "_blank") return;
    setTimeout(() => { submitter.disabled = true; });
    setTimeout(() => { submitter.disabled = false; }, 8000); // a download leaves the page in place
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button[disabled][type=submit]").forEach((button) => {
      button.disabled = false;
    });
  });

  // A platform that knows the message gives the frame its height, so that one page scrolls, not two.
  if (framed) {
    let last = 0;
    const tell = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (Math.abs(height - last) < 2) return;
      last = height;
      window.parent.postMessage(JSON.stringify({ subject: "lti.frameResize", height }), "*");
    };
    const watch = new ResizeObserver(tell);
    watch.observe(document.body);
    document.addEventListener("ancrage:page", () => {
      watch.disconnect();
      watch.observe(document.body);
    });
  }

  dress();
  document.addEventListener("ancrage:page", dress);
})();
