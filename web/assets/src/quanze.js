// SPDX-License-Identifier: Apache-2.0
//
// Small improvements; every page works without them. Keys j and k walk the rows
// of a table marked data-keys and enter opens one; a form marked data-once is
// sent once; a field marked data-most tells how many characters there are, once half are used; what
// is marked data-outcomes is out of sight until one of these outcomes is chosen.
(function () {
  "use strict";

  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName) || target.isContentEditable;
  }

  document.addEventListener("keydown", function (event) {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "j" && event.key !== "k") return;
    var links = Array.prototype.slice.call(document.querySelectorAll("table[data-keys] tbody th a"));
    if (links.length === 0) return;
    var at = links.indexOf(document.activeElement);
    var next = event.key === "j" ? at + 1 : (at < 0 ? links.length : at) - 1;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
    event.preventDefault();
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.getAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "1");
  });

  // A page that comes back out of the browser's memory may be sent again.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      form.removeAttribute("data-sent");
    });
  });

  document.querySelectorAll("textarea[data-most]").forEach(function (area) {
    var tell = document.getElementById(area.id + "-count");
    if (!tell) return;
    function count() {
      var n = Array.from(area.value).length, most = Number(area.getAttribute("data-most"));
      tell.textContent = n * 2 < most ? "" : n + " / " + most;
    }
    area.addEventListener("input", count);
    count();
  });

  document.querySelectorAll("form").forEach(function (form) {
    var parts = form.querySelectorAll("[data-outcomes]");
    if (parts.length === 0) return;
    function show() {
      var chosen = form.querySelector("[name=outcome]:checked");
      parts.forEach(function (part) {
        var needed = chosen && part.getAttribute("data-outcomes").split(" ").indexOf(chosen.value) >= 0;
        part.hidden = !needed && !part.querySelector(".govuk-error-message");
      });
    }
    form.addEventListener("change", show);
    show();
  });

  var summary = document.querySelector(".govuk-error-summary");
  if (summary) summary.focus();
})();
