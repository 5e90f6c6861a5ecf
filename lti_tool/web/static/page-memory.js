// Holds the session of a page whose browser keeps no cookie, and brings the pages of the tool with it.
// The bearer lives in this variable alone: never in an address, never in a storage of the browser. It
// is good for ten minutes, and each answer brings a new one. See lti_tool/web/page_memory.py.
(() => {
  "use strict";

  const RENEW_EVERY = 4 * 60 * 1000;
  const HOPS = 6;

  const start = document.getElementById("page-memory");
  const { onward, renewal, over, lost } = start.dataset;
  let bearer = start.dataset.bearer;
  let latest = 0;
  start.remove();

  const ours = (url) => url.origin === location.origin && url.protocol === location.protocol;
  const here = (frame) => !frame || frame === "_self";

  // Redirections are told in a header, so that each step carries what the last one answered.
  async function ask(url, options = {}) {
    let step = options;
    for (let hop = 0; hop < HOPS; hop += 1) {
      const answer = await fetch(url, {
        ...step,
        headers: { Authorization: `Bearer ${bearer}` },
        credentials: "omit",
        redirect: "error",
        cache: "no-store",
      });
      bearer = answer.headers.get("Ancrage-Session") || bearer;
      const next = answer.headers.get("Ancrage-Location");
      if (!next) return { answer, url, moved: hop > 0 };
      url = new URL(next, url);
      if (!ours(url)) {
        location.assign(url);
        return null;
      }
      step = {};
    }
    throw new Error("too many redirections");
  }

  async function go(url, options = {}, remember = true) {
    const turn = (latest += 1);
    document.body.setAttribute("aria-busy", "true");
    try {
      const got = await ask(new URL(url, location.href), options);
      if (!got || turn !== latest) return;
      const { answer } = got;
      if (isDownload(answer)) await save(answer);
      else if (answer.status === 401 && options.method === "POST") say(over);
      else {
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
        if (remember && (got.moved || options.method !== "POST")) history.pushState({}, "", got.url);
        arrive(got.url);
      }
    } catch {
      say(lost);
    } finally {
      document.body.removeAttribute("aria-busy");
    }
  }

  function show(page) {
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    document.body.replaceWith(document.adoptNode(page.body));
    window.htmx?.process(document.body);
    document.dispatchEvent(new Event("ancrage:page"));
  }

  function arrive(url) {
    const place = url.hash && document.getElementById(url.hash.slice(1));
    if (place) place.scrollIntoView();
    else window.scrollTo(0, 0);
    if (!document.activeElement || document.activeElement === document.body) {
      document.getElementById("contenu")?.focus({ preventScroll: true });
    }
  }

  function say(sentence) {
    document.getElementById("page-memory-said")?.remove();
    const said = document.createElement("p");
    said.id = "page-memory-said";
    said.className = "callout callout-warning";
    said.setAttribute("role", "alert");
    said.textContent = sentence;
    document.getElementById("contenu").prepend(said);
    said.scrollIntoView({ block: "center" });
  }

  function isDownload(answer) {
    const kind = answer.headers.get("Content-Type") || "";
    const place = answer.headers.get("Content-Disposition") || "";
    return place.startsWith("attachment") || (answer.ok && !kind.startsWith("text/html"));
  }

  async function save(answer) {
    const place = answer.headers.get("Content-Disposition") || "";
    const coded = place.match(/filename\*=UTF-8''([^;]+)/i);
    const plain = place.match(/filename="?([^";]+)"?/i);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = coded ? decodeURIComponent(coded[1]) : plain ? plain[1] : "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60 * 1000);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || !here(link.target)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    const inside = url.hash && url.href.split("#")[0] === location.href.split("#")[0];
    if (!ours(url) || inside) return;
    event.preventDefault();
    go(url);
  });

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const asked = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
    const url = new URL(asked("action") || location.href, location.href);
    if (event.defaultPrevented || !ours(url) || !here(asked("target"))) return;
    event.preventDefault();
    const data = new FormData(form, submitter);
    if (asked("method").toLowerCase() === "post") {
      const files = asked("enctype") === "multipart/form-data";
      go(url, { method: "POST", body: files ? data : new URLSearchParams(data) });
    } else {
      url.search = new URLSearchParams(data);
      go(url);
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers.Authorization = `Bearer ${bearer}`;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    bearer = event.detail.xhr.getResponseHeader("Ancrage-Session") || bearer;
  });

  window.addEventListener("popstate", () => go(location.href, {}, false));
  // Whoever writes for more than ten minutes must not lose it.
  setInterval(() => ask(new URL(renewal, location.href)).catch(() => {}), RENEW_EVERY);

  history.replaceState({}, "", onward);
  go(onward, {}, false);
})();
