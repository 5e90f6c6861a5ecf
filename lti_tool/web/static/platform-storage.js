// Puts the proof of a login in the platform's storage, or gets it back from there, when the browser
// keeps no cookie of ours (1EdTech, LTI postMessage Storage 0.1). Speaks to one origin only, and
// listens to the one window that it asked.
(function () {
  "use strict";

  var CAPABLE_WITHIN = 2000; // milliseconds; a platform may not know the question
  var ANSWERED_WITHIN = 10000; // a slow phone answers late

  var page = document.getElementById("platform-storage");
  var asked = page.dataset;
  var form = document.getElementById("storage-return");
  var platform = window.parent !== window ? window.parent : window.opener;

  function identifier() {
    var numbers = crypto.getRandomValues(new Uint32Array(4));
    return Array.prototype.map.call(numbers, function (one) { return one.toString(16); }).join("-");
  }

  function ask(frame, message, patience) {
    return new Promise(function (resolve, reject) {
      var id = identifier();
      var timer = setTimeout(function () { end(reject, new Error("no answer")); }, patience);
      function end(settle, value) {
        clearTimeout(timer);
        window.removeEventListener("message", hear);
        settle(value);
      }
      function hear(event) {
        var said = event.data;
        if (event.origin !== asked.origin || event.source !== frame) return;
        if (!said || said.message_id !== id || said.subject !== message.subject + ".response") return;
        if (said.error) end(reject, new Error("refused"));
        else end(resolve, said);
      }
      window.addEventListener("message", hear);
      frame.postMessage(Object.assign({ message_id: id }, message), asked.origin);
    });
  }

  // The platform may name another frame for a message than the one of the login.
  function frameFor(subject) {
    return ask(platform, { subject: "lti.capabilities" }, CAPABLE_WITHIN).then(
      function (said) {
        var known = (said.supported_messages || []).filter(function (one) {
          return one.subject === subject;
        })[0];
        if (!known) throw new Error("not supported");
        return known.frame || asked.target;
      },
      function () { return asked.target; }
    ).then(function (name) {
      var frame = name === "_parent" ? platform : platform.frames[name];
      if (!frame) throw new Error("no such frame");
      return frame;
    });
  }

  function put() {
    return frameFor("lti.put_data").then(function (frame) {
      var message = { subject: "lti.put_data", key: asked.key, value: asked.proof };
      return ask(frame, message, ANSWERED_WITHIN);
    }).then(function () {
      location.replace(asked.onward);
    });
  }

  function get() {
    return frameFor("lti.get_data").then(function (frame) {
      return ask(frame, { subject: "lti.get_data", key: asked.key }, ANSWERED_WITHIN).then(
        function (said) {
          if (typeof said.value !== "string" || !said.value) throw new Error("nothing kept");
          // It has served: the platform forgets it.
          frame.postMessage(
            { subject: "lti.put_data", key: asked.key, value: null, message_id: identifier() },
            asked.origin
          );
          form.elements.kept.value = said.value;
          form.submit();
        }
      );
    });
  }

  var work = platform ? (form ? get() : put()) : Promise.reject(new Error("not in a frame"));
  work.catch(function () {
    document.getElementById("storage-waits").hidden = true;
    document.getElementById("storage-failed").hidden = false;
  });
})();
