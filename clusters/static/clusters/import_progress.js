/* Owns the page of an import at work: it follows the progress in place, and goes on when the work is done. */
(function () {
  "use strict";
  function look() {
    fetch(location.href, {credentials: "same-origin"}).then(function (answer) {
      return answer.text().then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("progress");
        if (!answer.ok || !fresh) { location.replace(answer.url); return; }
        var shown = document.getElementById("progress");
        if (shown.innerHTML !== fresh.innerHTML) shown.innerHTML = fresh.innerHTML;
        setTimeout(look, 2000);
      });
    }).catch(function () { setTimeout(look, 5000); });
  }
  setTimeout(look, 1000);
})();
