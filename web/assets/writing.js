// What is being written keeps itself in this browser, says when it last did, warns
// before it is left, and comes back after a session has ended. Beside it: topics are
// searched and proposed from the text, checks are kept up to date, and cases like the
// one that is written are looked for. The form works without any of it.
(function () {
  'use strict';

  var form = document.querySelector('form[data-draft]');
  if (!form) { return; }

  var wait = 800; // milliseconds after the last key
  var days = 30;  // after which what was kept is forgotten
  var by = form.dataset.by;
  var key = 'jisi-writing:' + by + ':' + form.dataset.draft;
  var kept = form.querySelector('.kept');
  var shown = read();
  var last = JSON.stringify(shown);
  var sending = false;
  var timer = 0;

  // read gives the form's values, lists of them by name.
  function read() {
    var values = {};
    new FormData(form).forEach(function (value, name) {
      if (name === 'version' || name === 'then') { return; }
      (values[name] = values[name] || []).push(value.replace(/\r\n/g, '\n'));
    });
    return values;
  }

  // fill puts values into the form.
  function fill(values) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.name === 'version' || field.name === 'then') { return; }
      var list = values[field.name] || [];
      if (field.type === 'checkbox') { field.checked = list.indexOf(field.value) >= 0; } else { field.value = list.length ? list[0] : ''; }
      var fold = field.closest('details.spare');
      if (fold && field.value) { fold.open = true; }
    });
    form.dispatchEvent(new Event('filled'));
  }

  function stored() {
    try {
      var s = JSON.parse(localStorage.getItem(key));
      return s && Date.now() - s.at < days * 864e5 ? s : null;
    } catch (e) { return null; }
  }

  function clock(at) {
    var d = new Date(at);
    var time = ('0' + d.getHours()).slice(-2) + ':' + ('0' + d.getMinutes()).slice(-2);
    return d.toDateString() === new Date().toDateString() ? time : (d.getMonth() + 1) + '月' + d.getDate() + '日 ' + time;
  }

  function keep() {
    clearTimeout(timer);
    var values = read();
    var now = JSON.stringify(values);
    if (now === last) { return; }
    last = now;
    var at = Date.now();
    try {
      localStorage.setItem(key, JSON.stringify({ at: at, version: form.dataset.version, values: values }));
      kept.textContent = clock(at) + ' 已存在这台电脑上，还没有保存到知识库';
    } catch (e) { kept.textContent = '这台电脑存不下正在写的内容，请及时保存'; }
  }

  function forget() { try { localStorage.removeItem(key); } catch (e) { /* nothing was kept */ } }

  function bar(text, buttons) {
    var p = document.createElement('div');
    p.className = 'keptbar';
    p.setAttribute('role', 'status');
    var words = document.createElement('span');
    words.textContent = text;
    p.appendChild(words);
    buttons.forEach(function (b) {
      var button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = b.text;
      button.addEventListener('click', function () { b.act(); p.remove(); });
      p.appendChild(button);
    });
    form.before(p);
    return p;
  }

  // What was kept comes back by itself, unless somebody has saved since: then its
  // writer is asked.
  function bringBack() {
    var s = stored();
    if (!s || JSON.stringify(s.values) === last) { return; }
    if (form.hasAttribute('data-refused')) { return; } // the form has what was sent
    var mine = shown;
    function put() { fill(s.values); last = JSON.stringify(read()); }
    function drop() { fill(mine); last = JSON.stringify(read()); forget(); kept.textContent = ''; }
    if (s.version === form.dataset.version) {
      put();
      bar('已放回您 ' + clock(s.at) + ' 写到一半、还没有保存的内容。', [{ text: '不要这些，恢复原样', act: drop }, { text: '知道了', act: function () {} }]);
    } else {
      bar('这里有您 ' + clock(s.at) + ' 写到一半的内容，但这份稿件后来又保存过新的版本。', [{ text: '放回写到一半的内容', act: put }, { text: '不要了', act: drop }]);
    }
  }

  // Two tabs with one form tell each other.
  function meet() {
    if (!window.BroadcastChannel) { return; }
    var channel = new BroadcastChannel('jisi-writing');
    var told = false;
    channel.addEventListener('message', function (event) {
      if (event.data.key !== key) { return; }
      if (event.data.hello) { channel.postMessage({ key: key }); }
      if (!told) {
        told = true;
        bar('另一个标签页也打开着这份稿件。请只在一个标签页里写，免得互相覆盖。', [{ text: '知道了', act: function () { told = false; } }]);
      }
    });
    channel.postMessage({ key: key, hello: true });
  }

  form.addEventListener('input', function () {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  });
  form.addEventListener('submit', function () {
    keep();
    sending = true;
    try { sessionStorage.setItem('jisi-sending', key); } catch (e) { /* then it is forgotten in time */ }
  });
  window.addEventListener('pagehide', keep);
  window.addEventListener('beforeunload', function (event) {
    if (!sending && (form.hasAttribute('data-refused') || JSON.stringify(read()) !== JSON.stringify(shown))) { keep(); event.preventDefault(); }
  });
  window.addEventListener('pageshow', function () { sending = false; });
  var back = form.querySelector('.buttons a');
  if (back) { back.addEventListener('click', function () { forget(); form.removeAttribute('data-refused'); shown = read(); last = JSON.stringify(shown); }); }

  // Topics: searched by what is typed, proposed where their names stand in the text.
  function topics(box) {
    var all = Array.prototype.slice.call(box.querySelectorAll('label'));
    var search = document.createElement('input');
    search.type = 'search';
    search.setAttribute('aria-label', '在议题中查找');
    search.placeholder = '在议题中查找';
    search.autocomplete = 'off';
    search.className = 'topicsearch';
    var proposals = document.createElement('p');
    proposals.className = 'proposals note';
    box.querySelector('.boxes').before(search, proposals);
    search.addEventListener('keydown', function (event) { if (event.key === 'Enter') { event.preventDefault(); } });
    search.addEventListener('input', function (event) {
      event.stopPropagation();
      var typed = search.value.trim();
      all.forEach(function (label) { label.hidden = !!typed && label.textContent.indexOf(typed) < 0 && !label.querySelector('input').checked; });
    });
    function propose() {
      var text = ['title', 'summary', 'background', 'approach'].map(function (name) { return form.elements[name] ? form.elements[name].value : ''; }).join('\n');
      proposals.textContent = '';
      all.forEach(function (label) {
        var name = label.textContent.trim();
        var input = label.querySelector('input');
        if (input.checked || name.length < 2 || text.indexOf(name) < 0) { return; }
        var button = document.createElement('button');
        button.type = 'button';
        button.className = 'quiet';
        button.textContent = '加上“' + name + '”';
        button.addEventListener('click', function () { input.checked = true; input.dispatchEvent(new Event('input', { bubbles: true })); propose(); });
        proposals.appendChild(button);
      });
      if (proposals.childNodes.length) { proposals.prepend('文中提到：'); }
    }
    form.addEventListener('change', propose);
    form.addEventListener('filled', propose);
    propose();
  }

  // Has this been done before, and what came of it?
  function near(address) {
    var box = document.createElement('aside');
    box.className = 'near';
    box.setAttribute('aria-label', '以前有没有做过');
    box.hidden = true;
    var first = form.querySelector('section');
    first.after(box);
    var asked = '';
    function ask() {
      var text = [form.elements.title.value, form.elements.summary.value].join('\n').trim().slice(0, 300);
      if (text.length < 6 || text === asked) { return; }
      asked = text;
      fetch(address + '?problem=' + encodeURIComponent(text) + '&not=' + encodeURIComponent(form.dataset.draft.split('/')[3] || ''))
        .then(function (answer) { return answer.ok ? answer.text() : ''; }, function () { return ''; })
        .then(function (html) {
          if (text !== asked) { return; }
          box.innerHTML = html; // the server's own, escaped there
          box.hidden = !html.trim();
        });
    }
    ['title', 'summary'].forEach(function (name) { form.elements[name].addEventListener('change', ask); });
    ask();
  }

  form.querySelectorAll('.topicboxes').forEach(topics);
  bringBack();
  meet();
  if (form.dataset.near) { near(form.dataset.near); }
})();
