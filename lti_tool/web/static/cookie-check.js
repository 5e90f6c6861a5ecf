// Continues a login by itself when the browser keeps our cookie; else by the platform's storage, when
// it has one; else leaves only the new tab.
(function () {
  "use strict";
  var form = document.getElementById("cookie-continue");
  var blocked = document.getElementById("cookie-blocked");
  var storage = document.getElementById("cookie-storage");

  function cookieIsKept() {
    try {
      return document.cookie.split("; ").indexOf("ancrage_cookies=1") !== -1;
    } catch (refused) {
      return false; // a frame without an origin of its own may not even ask
    }
  }

  if (form && blocked && cookieIsKept()) {
    blocked.hidden = true;
    form.submit();
    return;
  }
  if (storage && (window.parent !== window || window.opener)) {
    storage.submit();
    return;
  }
  if (!form || !blocked) {
    return;
  }
  form.hidden = true;
  var link = document.getElementById("cookie-new-tab");
  if (link) {
    link.classList.replace("btn-secondary", "btn-primary");
  }
})();
