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
  /* Suggestions while typing: a combobox whose list leads straight to a record. Enter alone still searches. */
  document.querySelectorAll("input[data-suggest]").forEach(function (field) {
    var texts = field.dataset, list = document.createElement("ul"), said = document.createElement("span");
    var options = [], active = -1, waiting = 0, asked = null, shown = "";
    list.id = field.id + "-suggestions";
    list.className = "sug";
    list.hidden = true;
    said.className = "vh";
    said.setAttribute("role", "status");
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", texts.suggestLabel);
    field.form.append(list, said);
    [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]
      .forEach(function (pair) { field.setAttribute(pair[0], pair[1]); });

    function close() {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      choose(-1);
    }
    function open() {
      if (!options.length || document.activeElement !== field) return;
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
    }
    function choose(place) {
      if (active >= 0 && options[active]) options[active].setAttribute("aria-selected", "false");
      active = place;
      if (place < 0) { field.removeAttribute("aria-activedescendant"); return; }
      options[place].setAttribute("aria-selected", "true");
      options[place].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[place].id);
    }
    function part(text, name, lang) {
      var made = document.createElement("span");
      made.textContent = text;
      if (name) made.className = name;
      if (lang) made.lang = lang;
      return made;
    }
    function show(suggestions) {
      close();
      options = suggestions.map(function (one, place) {
        var option = document.createElement("li");
        option.id = list.id + "-" + place;
        option.dataset.url = one.url;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(part(one.name, "", one.lang), " ");
        if (one.other) option.append(part(one.other, "also", one.other_lang), " ");
        option.append(part(one.kind, "sub"));
        return option;
      });
      list.replaceChildren.apply(list, options);
      open();
      said.textContent = options.length ? texts.suggestSome.replace("{number}", options.length) : texts.suggestNone;
    }
    function ask() {
      var text = field.value.trim();
      if (asked) asked.abort();
      if (text === shown) { open(); return; }
      shown = text;
      if (!text) { options = []; close(); said.textContent = ""; return; }
      asked = new AbortController();
      fetch(texts.suggest + "?q=" + encodeURIComponent(text), { signal: asked.signal })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (found) { if (text === shown) show(found.suggestions); })
        .catch(function () { /* without suggestions the field is a plain search */ });
    }
    field.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
    field.addEventListener("blur", close);
    field.addEventListener("keydown", function (event) {
      /* While a syllable is being composed the keys belong to it. */
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], last = options.length - 1;
      if (step && options.length) {
        event.preventDefault();
        if (list.hidden) { open(); choose(step > 0 && !event.altKey ? 0 : event.altKey ? -1 : last); return; }
        choose(active + step > last ? -1 : active + step < -1 ? last : active + step);
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        location.assign(options[active].dataset.url);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Home" || event.key === "End" || event.key === "ArrowLeft" || event.key === "ArrowRight") {
        choose(-1);
      }
    });
    /* The list never takes the focus away; a click is taken on the way up, so that one may think better of it. */
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
  });

  document.addEventListener("click", function (event) {
    var copy = event.target.closest("[data-copy]");
    var source = copy && copy.dataset.of && document.getElementById(copy.dataset.of);
    if (copy) navigator.clipboard.writeText(source ? source.textContent : location.href).then(function () { say(copy.dataset.copy); });
    if (event.target.closest("[data-print]")) print();
  });
})();
