// What is being written keeps itself in this browser at once and on the server soon
// after, says when it last did, warns before it is left, and comes back after a session
// has ended. Beside it: topics are searched and proposed from the text, and cases like
// the one that is written are looked for. The form works without any of it.
(function () {
  'use strict';

  var form = document.querySelector('form[data-draft]');
  if (!form) { return; }

  var wait = 800; // milliseconds after the last key
  var soon = 2500; // after keeping in the browser, until the server keeps it
  var beacon = 60000; // characters that a page may still send while it is left
  var days = 30;  // after which what was kept is forgotten
  var by = form.dataset.by;
  var key = 'jisi-writing:' + by + ':' + form.dataset.draft;
  var kept = form.querySelector('.kept');
  var shown = read();
  var last = JSON.stringify(shown);
  var sending = false;
  var timer = 0;
  var over = false;   // its writer has signed out or saved elsewhere: nothing is kept any more
  var told = {};      // what was said once
  var server = { seen: '1970-01-01T00:00:00Z', text: '', timer: 0, busy: null };
  var there = null;   // what the server had kept when the page came
  try { there = JSON.parse(form.dataset.kept || 'null'); } catch (e) { /* then there is nothing */ }
  if (there) { server.seen = there.at; }

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
      var fold = field.closest('details');
      if (fold && field.value && field.type !== 'checkbox') { fold.open = true; }
    });
    form.dispatchEvent(new Event('filled'));
  }

  function stored() {
    try {
      var s = JSON.parse(localStorage.getItem(key));
      return s && Date.now() - s.at < days * 864e5 ? s : null;
    } catch (e) { return null; }
  }

  // Times are those of the site's time zone, wherever the browser is.
  var zone = document.documentElement.dataset.zone;
  function clock(at) {
    var d = new Date(at);
    var time = d.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
    function day(t) { return t.toLocaleDateString('zh-CN', { month: 'long', day: 'numeric', timeZone: zone }); }
    return day(d) === day(new Date()) ? time : day(d) + ' ' + time;
  }

  // same reports whether two readings of the form say the same; what is empty says nothing.
  function same(a, b) {
    function flat(values) {
      return JSON.stringify(Object.keys(values).sort().map(function (name) { return [name, values[name].filter(Boolean)]; }).filter(function (one) { return one[1].length; }));
    }
    return flat(a) === flat(b);
  }

  function keep() {
    clearTimeout(timer);
    if (over) { return; }
    var values = read();
    var now = JSON.stringify(values);
    if (now === last) { return; }
    last = now;
    var at = Date.now();
    try {
      localStorage.setItem(key, JSON.stringify({ at: at, version: form.dataset.version, values: values }));
      kept.textContent = clock(at) + ' 已存在这台电脑上，还没有保存到知识库';
    } catch (e) { kept.textContent = '这台电脑存不下正在写的内容，请及时保存'; }
    clearTimeout(server.timer);
    server.timer = setTimeout(send, soon);
  }

  // request asks the server about what is kept of this form.
  function request(path, more, leaving) {
    var body = new URLSearchParams({ by: by, kind: form.dataset.kind, record: form.dataset.record, name: form.dataset.name });
    Object.keys(more).forEach(function (name) { body.set(name, more[name]); });
    return fetch(path, { method: 'POST', body: body, credentials: 'same-origin', keepalive: !!leaving });
  }

  function content() {
    var title = form.elements.title || form.elements.name || form.elements.problem;
    return JSON.stringify({ form: form.dataset.draft, title: title && title.value ? title.value : document.title.split(' · ')[0], version: form.dataset.version, values: read() });
  }

  // send has the server keep what is written; it resolves when that is done or cannot be.
  function send(leaving) {
    clearTimeout(server.timer);
    var text = content();
    if (server.busy) { return leaving === true ? server.busy : server.busy.then(send); }
    if (over || text === server.text || same(read(), shown)) { return Promise.resolve(); }
    if (leaving === true && text.length > beacon) { return Promise.resolve(); }
    server.busy = request('/write/keep', { content: text, seen: server.seen }, leaving === true).then(function (answer) {
      return answer.json().then(function (said) { return { status: answer.status, said: said }; }, function () { return { status: answer.status, said: {} }; });
    }, function () { return { status: 0, said: {} }; }).then(function (got) {
      server.busy = null;
      if (got.status === 200) {
        server.seen = got.said.at;
        server.text = text;
        told = {};
        kept.textContent = clock(got.said.at) + ' 已存在服务器上，换一台电脑也能接着写；还没有保存到知识库';
        if (content() !== text) { server.timer = setTimeout(send, soon); }
        return;
      }
      if (got.status === 401) { once('session', endedBar); return; }
      if (got.status === 409) { once('conflict', function () { otherBar(got.said); }); return; }
      kept.textContent = (got.said.text || '服务器暂时没有回应') + '；写的内容已存在这台电脑上';
      if (got.status === 0 || got.status >= 500) { server.timer = setTimeout(send, 10 * soon); }
    });
    return server.busy;
  }

  function once(what, say) { if (!told[what]) { told[what] = true; say(); } }

  // endedBar tells that the session has ended, and where to begin another without
  // leaving what is written.
  function endedBar() {
    var p = bar('登录已经过期。写的内容还在，也已存在这台电脑上。请在新标签页里登录，再回到这里接着写。', [{ text: '登录好了', act: function () { told.session = false; server.text = ''; send(); } }]);
    var a = document.createElement('a');
    a.href = '/sign-in?next=' + encodeURIComponent('/write');
    a.target = '_blank';
    a.rel = 'noopener';
    a.textContent = '登录';
    p.insertBefore(a, p.querySelector('button'));
  }

  // otherBar tells that another page has kept the same form since.
  function otherBar(other) {
    bar('另一个页面' + (other.at ? '在 ' + clock(other.at) : '') + ' 也写了这份稿件，内容不一样。请选一份接着写。', [
      { text: '用那边写的', act: function () { told.conflict = false; server.seen = other.at; if (other.values) { fill(other.values); } keep(); } },
      { text: '用这里写的', act: function () { told.conflict = false; server.seen = other.at; server.text = ''; send(); } },
    ]);
  }

  function forget() { try { localStorage.removeItem(key); } catch (e) { /* nothing was kept */ } }

  // discard forgets here and on the server.
  function discard() {
    forget();
    clearTimeout(server.timer);
    server.text = '';
    request('/write/keep/drop', {}, true).then(function () { server.seen = '1970-01-01T00:00:00Z'; }, function () { /* it goes by itself in time */ });
  }

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
    if (there && (!s || new Date(there.at) > s.at)) { s = { at: new Date(there.at).getTime(), version: there.version, values: there.values }; }
    if (!s || same(s.values, shown)) { return; }
    if (form.hasAttribute('data-refused')) { return; } // the form has what was sent
    var mine = shown;
    // The form then says which version it changes, so that saving tells of what others wrote since.
    function put() {
      fill(s.values);
      last = JSON.stringify(read());
      form.dataset.version = s.version;
      if (form.elements.version) { form.elements.version.value = s.version; }
      kept.textContent = '放回的是 ' + clock(s.at) + ' 写的，还没有保存到知识库';
    }
    function drop() { fill(mine); last = JSON.stringify(read()); discard(); kept.textContent = ''; }
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
    channel.addEventListener('message', function (event) {
      if (event.data.out && !over) {
        over = true;
        clearTimeout(timer);
        clearTimeout(server.timer);
        forget();
        bar('您已在另一个标签页退出登录，这里不再暂存。要接着写，请重新登录后打开这一页。', []);
        return;
      }
      if (event.data.saved === key && !over) {
        over = true;
        clearTimeout(timer);
        clearTimeout(server.timer);
        bar('这份稿件已在另一个标签页保存，这里不再暂存。', []);
        return;
      }
      if (event.data.key !== key) { return; }
      if (event.data.hello) { channel.postMessage({ key: key }); }
      once('tab', function () {
        var p = bar('另一个标签页也打开着这份稿件。请只在一个标签页里写，免得互相覆盖。', [{ text: '知道了', act: function () {} }]);
        if (!form.dataset.another) { return; }
        var a = document.createElement('a');
        a.href = form.dataset.another;
        a.textContent = '另写一份新的';
        p.insertBefore(a, p.querySelector('button'));
      });
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
    clearTimeout(server.timer);
    try { sessionStorage.setItem('jisi-sending', key); } catch (e) { /* then it is forgotten in time */ }
  });
  window.addEventListener('pagehide', function () { keep(); if (!sending) { send(true); } });
  // Whoever signs out leaves nothing in this browser: the server has it.
  window.jisiSigningOut = function () {
    keep();
    sending = true;
    return send().then(function () { over = true; });
  };
  window.addEventListener('beforeunload', function (event) {
    if (!sending && (form.hasAttribute('data-refused') || JSON.stringify(read()) !== JSON.stringify(shown))) { keep(); event.preventDefault(); }
  });
  window.addEventListener('pageshow', function () { sending = false; });
  var back = form.querySelector('.buttons a');
  if (back) { back.addEventListener('click', function () { discard(); over = true; form.removeAttribute('data-refused'); shown = read(); last = JSON.stringify(shown); }); }

  // Topics: searched by what is typed, proposed where their names stand in the text.
  function topics(box) {
    var all = Array.prototype.slice.call(box.querySelectorAll('label'));
    if (all.length <= 12) { return; } // seen at a glance
    var within = '在' + box.querySelector('legend').textContent.trim() + '中查找';
    var search = document.createElement('input');
    search.type = 'search';
    search.setAttribute('aria-label', within);
    search.placeholder = within;
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
    if (!box.querySelector('[name=topics]')) { return; }
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

  // What a reviewer asks for is looked at again while somebody writes.
  function checks(list) {
    function look() {
      list.querySelectorAll('li').forEach(function (item) {
        if (!item.dataset.of) { return; } // what the server alone can tell
        var of = item.dataset.of.split(' ');
        var n = 0;
        new FormData(form).forEach(function (value, name) {
          var asked = of.some(function (one) { return one === name || one.slice(-1) === '.' && name.indexOf(one) === 0 && name.slice(-10) !== '.statement'; });
          if (asked) { n += Array.from(value.trim()).length; }
        });
        var ok = n >= Number(item.dataset.least);
        item.className = ok ? 'ok' : 'lacking';
        item.querySelector('.state-mark').textContent = ok ? '有' : '缺';
        var link = item.querySelector('a');
        var short = !ok && n && Number(item.dataset.least) > 1 ? '（现有 ' + n + ' 字）' : '';
        link.textContent = counted(link.textContent.replace(/（现有 \d+ 字）/, ''), of[0]) + short;
      });
    }
    // How many steps and sides are written, in the item that counts them.
    function counted(text, prefix) {
      if (prefix !== 'steps.' && prefix !== 'participants.') { return text; }
      var names = {};
      new FormData(form).forEach(function (value, name) {
        if (name.indexOf(prefix) === 0 && name.slice(-10) !== '.statement' && value.trim()) { names[name] = true; }
      });
      return text.replace(/写了 \d+ /, '写了 ' + Object.keys(names).length + ' ');
    }
    form.addEventListener('input', look);
    form.addEventListener('filled', look);
  }

  form.querySelectorAll('.checks').forEach(checks);
  form.querySelectorAll('.topicboxes').forEach(topics);
  bringBack();
  meet();
  if (form.dataset.near) { near(form.dataset.near); }
})();
