// Leaves the frame of a registration when the tool says that it is over.
(function () {
  "use strict";
  window.addEventListener("message", function (event) {
    if (event.data && event.data.subject === "org.imsglobal.lti.close") {
      window.location.assign(window.location.pathname);
    }
  });
})();
