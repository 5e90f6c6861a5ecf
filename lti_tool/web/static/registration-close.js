// Tells the platform that the registration is over: to its own origin and to nobody else.
(function () {
  "use strict";
  var READING_MS = 5000;
  var button = document.getElementById("close-registration");
  var opener = window.opener || (window.parent !== window ? window.parent : null);
  if (!opener) {
    button.hidden = true;
    return;
  }
  function close() {
    opener.postMessage({ subject: "org.imsglobal.lti.close" }, button.dataset.origin);
  }
  button.addEventListener("click", close);
  window.setTimeout(close, READING_MS);
})();
