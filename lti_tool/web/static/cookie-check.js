// Continues a login by itself when the browser keeps our cookie; else leaves only the new tab.
(function () {
  "use strict";
  var form = document.getElementById("cookie-continue");
  var blocked = document.getElementById("cookie-blocked");
  if (!form || !blocked) {
    return;
  }
  if (document.cookie.split("; ").indexOf("ancrage_cookies=1") !== -1) {
    blocked.hidden = true;
    form.submit();
    return;
  }
  form.hidden = true;
  var link = document.getElementById("cookie-new-tab");
  if (link) {
    link.classList.replace("btn-secondary", "btn-primary");
  }
})();
