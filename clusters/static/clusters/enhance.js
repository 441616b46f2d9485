"use strict";
/* Small comforts; every page works without them. */
(function () {
  var live = document.getElementById("live");
  function say(text) { if (live) { live.textContent = text; setTimeout(function () { live.textContent = ""; }, 4000); } }

  /* Evidence closes on a click elsewhere and on Escape. */
  document.addEventListener("click", function (event) {
    document.querySelectorAll(".ev[open]").forEach(function (note) {
      if (!note.contains(event.target)) note.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    var note = document.querySelector(".ev[open]");
    if (event.key === "Escape" && note) { note.open = false; note.firstElementChild.focus(); }
  });

  /* A note that would leave the window or its table opens to the other side, or else at the foot of the window. */
  function leaves(note) {
    var box = note.lastElementChild.getBoundingClientRect(), table = note.closest(".tw");
    if (box.left < 0 || box.right > document.documentElement.clientWidth) return true;
    return !!table && box.bottom > table.getBoundingClientRect().bottom;
  }
  document.addEventListener("toggle", function (event) {
    var note = event.target;
    if (!note.open || !note.matches(".ev")) return;
    note.classList.remove("foot");
    if (leaves(note)) note.classList.toggle("r");
    if (leaves(note)) note.classList.add("foot");
  }, true);

  /* Buttons that need a script appear only with one. */
  function reveal(root) {
    root.querySelectorAll("[data-copy]").forEach(function (button) { button.hidden = !navigator.clipboard; });
    root.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  }
  reveal(document);
  document.addEventListener("htmx:afterSettle", function (event) { reveal(event.target); });

  /* When a list is replaced in place, opened lists of further choices stay open, and the link to the other
     language follows the filters. */
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    event.detail.target.querySelectorAll("details[open][id]").forEach(function (opened) {
      var fresh = event.detail.fragment.querySelector("#" + CSS.escape(opened.id));
      if (fresh) fresh.open = true;
    });
  });
  document.addEventListener("htmx:pushedIntoHistory", function () {
    var other = document.querySelector(".edition a[hreflang]");
    if (other) other.search = location.search;
  });
  document.addEventListener("click", function (event) {
    var copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(location.href).then(function () { say(copy.dataset.copy); });
    if (event.target.closest("[data-print]")) print();
  });
})();
