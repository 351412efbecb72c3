// Completions below a search box: a list that the arrow keys walk through. The
// page works without it.
(function () {
  'use strict';

  var wait = 150; // milliseconds after the last key

  function complete(input) {
    var list = document.createElement('div');
    list.id = 'suggestions';
    list.className = 'suggestions';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', '输入提示');
    list.hidden = true;
    input.after(list);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'false');

    var timer = 0;
    var asked = 0;
    var chosen = -1;

    function show(open) {
      list.hidden = !open;
      input.setAttribute('aria-expanded', String(open));
      choose(-1);
    }

    function choose(n) {
      chosen = n;
      input.removeAttribute('aria-activedescendant');
      Array.prototype.forEach.call(list.children, function (item, i) {
        item.setAttribute('aria-selected', String(i === n));
        if (i === n) {
          input.setAttribute('aria-activedescendant', item.id);
          item.scrollIntoView({ block: 'nearest' });
        }
      });
    }

    function ask() {
      var typed = input.value.trim();
      var mine = ++asked;
      if (!typed) { show(false); return; }
      fetch(input.dataset.suggest + '?q=' + encodeURIComponent(typed))
        .then(function (answer) { return answer.ok ? answer.text() : ''; }, function () { return ''; })
        .then(function (html) {
          if (mine !== asked) { return; } // an older answer
          list.innerHTML = html; // the server's own, escaped there
          show(list.children.length > 0 && document.activeElement === input);
        });
    }

    input.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(ask, wait);
    });
    input.addEventListener('keydown', function (event) {
      if (event.isComposing || list.hidden) { return; }
      var n = list.children.length;
      if (event.key === 'ArrowDown') { choose((chosen + 1) % n); event.preventDefault(); }
      else if (event.key === 'ArrowUp') { choose(chosen <= 0 ? n - 1 : chosen - 1); event.preventDefault(); }
      else if (event.key === 'Escape') { show(false); }
      else if (event.key === 'Enter' && chosen >= 0) {
        event.preventDefault();
        list.children[chosen].click();
      }
    });
    list.addEventListener('mousedown', function (event) { event.preventDefault(); }); // keep the focus
    input.addEventListener('blur', function () { show(false); });
    if (input.form) { input.form.addEventListener('submit', function () { asked++; show(false); }); }
  }

  // A click copies the text of another element. A browser lets a page write to
  // the clipboard only where the page came safely; else the text is selected and
  // copied as by hand.
  function copy(button) {
    var from = document.getElementById(button.dataset.copy);
    function done() {
      button.textContent = '已复制';
      button.setAttribute('role', 'status');
    }
    function byHand() {
      window.getSelection().selectAllChildren(from);
      if (document.execCommand('copy')) { done(); }
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(from.textContent).then(done, byHand); } else { byHand(); }
  }

  // On a narrow screen the filters would push the results out of sight.
  function foldFilters() {
    var fold = document.querySelector('.facetfold');
    if (!window.matchMedia('(max-width: 46rem)').matches) { return; }
    if (fold) { fold.open = false; }
    // A form is long there: its parts in which nothing stands are folded.
    document.querySelectorAll('.recordform details.part.empty').forEach(function (part) {
      if (!part.contains(document.activeElement) && !part.querySelector('[autofocus]')) { part.open = false; }
    });
  }

  // Who is led to a part of a form finds it open.
  function openPart() {
    var at = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var part = at && at.closest('details');
    if (part && !part.open) { part.open = true; at.scrollIntoView(); }
  }

  // A record is read aloud where the browser has a Chinese voice.
  function readAloud() {
    var tools = document.querySelector('.record .tools');
    if (!tools || !window.speechSynthesis || document.getElementById('aloud')) { return; }
    if (!speechSynthesis.getVoices().some(function (v) { return /^zh/i.test(v.lang); })) { return; }
    var button = document.createElement('button');
    button.type = 'button';
    button.id = 'aloud';
    button.className = 'quiet';
    button.textContent = '朗读';
    button.addEventListener('click', function () {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); button.textContent = '朗读'; return; }
      document.querySelectorAll('.record h1, .summary p, .part h2, .part p, .steps .documented .said').forEach(function (e) {
        var text = e.cloneNode(true);
        text.querySelectorAll('.cites').forEach(function (c) { c.remove(); });
        var u = new SpeechSynthesisUtterance(text.textContent);
        u.lang = 'zh-CN';
        u.onend = function () { if (!speechSynthesis.pending && !speechSynthesis.speaking) { button.textContent = '朗读'; } };
        speechSynthesis.speak(u);
      });
      button.textContent = '停止朗读';
    });
    tools.appendChild(button);
  }

  // What was sent and is saved need not be kept in the browser any longer.
  function forgetSaved() {
    try {
      var key = sessionStorage.getItem('jisi-sending');
      if (!key) { return; }
      if (document.querySelector('.done')) {
        localStorage.removeItem(key);
        if (window.BroadcastChannel) { new BroadcastChannel('jisi-writing').postMessage({ saved: key }); }
      }
      sessionStorage.removeItem('jisi-sending');
    } catch (e) { /* nothing is kept */ }
  }

  // Whoever signs out leaves nothing of what they wrote in this browser; the server
  // has kept it. Other tabs are told to stop.
  function signingOut(form) {
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      var kept = window.jisiSigningOut ? window.jisiSigningOut() : Promise.resolve();
      var patience = new Promise(function (done) { setTimeout(done, 3000); });
      Promise.race([kept, patience]).then(function () {
        try {
          Object.keys(localStorage).forEach(function (key) { if (key.indexOf('jisi-writing:') === 0) { localStorage.removeItem(key); } });
          sessionStorage.removeItem('jisi-sending');
          if (window.BroadcastChannel) { new BroadcastChannel('jisi-writing').postMessage({ out: true }); }
        } catch (e) { /* nothing is kept */ }
        form.submit();
      });
    });
  }

  // Ticks for a comparison stay while results are narrowed down and leafed through.
  var ticked = 'jisi-compare';
  var most = 4;
  function keptTicks() {
    try { return JSON.parse(sessionStorage.getItem(ticked)) || []; } catch (e) { return []; }
  }
  function keepTicks(list) {
    try { sessionStorage.setItem(ticked, JSON.stringify(list)); } catch (e) { /* then they last for this page */ }
  }
  function showTicks() {
    var form = document.getElementById('compare');
    if (!form) { return; }
    var list = keptTicks();
    document.querySelectorAll('input[name=cases][form=compare]').forEach(function (box) {
      box.checked = list.some(function (one) { return one.slug === box.value; });
    });
    var bar = document.querySelector('.chosen');
    if (bar) { bar.remove(); }
    if (!list.length) { return; }
    bar = document.createElement('div');
    bar.className = 'chosen';
    bar.setAttribute('role', 'status');
    var words = document.createElement('span');
    words.textContent = '已选 ' + list.length + ' 个：' + list.map(function (one) { return one.title; }).join('；');
    var go = document.createElement('a');
    go.className = 'button';
    go.href = '/compare?' + list.map(function (one) { return 'cases=' + encodeURIComponent(one.slug); }).join('&');
    go.textContent = '对比';
    var clear = document.createElement('button');
    clear.type = 'button';
    clear.className = 'quiet';
    clear.textContent = '清空';
    clear.addEventListener('click', function () { keepTicks([]); showTicks(); });
    bar.append(words, go, clear);
    form.after(bar);
  }
  function tick(event) {
    var box = event.target;
    if (box.name !== 'cases' || box.getAttribute('form') !== 'compare') { return; }
    var list = keptTicks().filter(function (one) { return one.slug !== box.value; });
    if (box.checked && list.length < most) {
      var title = box.closest('article').querySelector('h2 a, h3 a');
      list.push({ slug: box.value, title: title ? title.textContent.trim().slice(0, 20) : box.value });
    }
    keepTicks(list);
    showTicks();
  }
  document.addEventListener('change', tick);
  document.addEventListener('htmx:afterSettle', showTicks);
  showTicks();
  if (location.pathname === '/compare' && document.querySelector('.comparison')) { keepTicks([]); }

  // Going back while a page still loads changes the address before htmx listens:
  // the page would stay that of the entry that was left. Loaded again it is right;
  // once only, for the case that a proxy rewrites addresses.
  function catchUp() {
    var own = document.querySelector('form.display input[name=next]');
    var mark = 'jisi.reloaded';
    if (!own || !history.state || !history.state.htmx) { return; }
    try {
      var seen = location.pathname + location.search;
      if (own.value === seen || sessionStorage.getItem(mark) === seen) {
        sessionStorage.removeItem(mark);
        return;
      }
      sessionStorage.setItem(mark, seen);
    } catch (e) { return; }
    location.reload();
  }
  // After htmx's own, which was registered before and begins to listen there.
  document.addEventListener('DOMContentLoaded', catchUp);

  forgetSaved();
  document.querySelectorAll('form.who').forEach(signingOut);
  if (window.speechSynthesis) {
    readAloud();
    speechSynthesis.addEventListener('voiceschanged', readAloud);
    window.addEventListener('pagehide', function () { speechSynthesis.cancel(); });
  }
  document.querySelectorAll('[data-suggest]').forEach(complete);
  document.querySelectorAll('[data-copy]').forEach(function (button) {
    button.addEventListener('click', function () { copy(button); });
  });
  foldFilters();
  document.addEventListener('htmx:afterSettle', foldFilters);
  openPart();
  window.addEventListener('hashchange', openPart);
  // An error has a page of its own that says what to do.
  document.addEventListener('htmx:responseError', function (event) {
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  });
})();
