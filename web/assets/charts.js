// Charts of the tables in figures: what is drawn is read from the page, so that
// a chart never says anything else than its table. The page works without it.
(function () {
  'use strict';

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }

  // read gives the table's heading and its lines; numbers are numbers.
  function read(table) {
    function cells(row) {
      return Array.prototype.map.call(row.cells, function (c) {
        var text = c.textContent.trim();
        return c.classList.contains('number') && c.tagName === 'TD' ? Number(text) : text;
      });
    }
    return { head: cells(table.tHead.rows[0]), rows: Array.prototype.map.call(table.tBodies[0].rows, cells) };
  }

  function style() {
    return { color: colour('ink'), fontFamily: getComputedStyle(document.body).fontFamily };
  }

  function axis(data, more) {
    var a = {
      type: 'category', data: data, axisLabel: { color: colour('ink'), interval: 0 },
      axisLine: { lineStyle: { color: colour('soft') } }, axisTick: { show: false }
    };
    Object.keys(more || {}).forEach(function (key) { a[key] = more[key]; });
    return a;
  }

  // The scale begins at 0, in whole numbers where what is shown is counted.
  function values(numbers) {
    var counted = numbers.every(function (n) { return n === Math.round(n); });
    return { type: 'value', min: 0, minInterval: counted ? 1 : 0, axisLabel: { color: colour('soft') }, splitLine: { lineStyle: { color: colour('line') } } };
  }

  function base(option) {
    option.animation = false;
    option.textStyle = style();
    // A tooltip of HTML would bring style attributes, which the policy forbids.
    option.tooltip = option.tooltip || {};
    option.tooltip.renderMode = 'richText';
    option.tooltip.confine = true;
    option.tooltip.backgroundColor = colour('card');
    option.tooltip.borderColor = colour('line');
    option.tooltip.textStyle = style();
    return option;
  }

  // Who stands with whom: the size of a circle is the sum of its lines'.
  function graph(t, directed) {
    var degree = {};
    var most = 1;
    t.rows.forEach(function (row) {
      degree[row[0]] = (degree[row[0]] || 0) + row[2];
      degree[row[1]] = (degree[row[1]] || 0) + row[2];
      most = Math.max(most, row[2]);
    });
    var names = Object.keys(degree);
    var top = Math.max.apply(null, names.map(function (n) { return degree[n]; }));
    return { height: Math.min(640, 320 + 6 * names.length), option: base({
      series: [{
        type: 'graph', layout: 'force', roam: false, draggable: true, force: { layoutAnimation: false, repulsion: 140, edgeLength: [40, 120], gravity: 0.15 },
        edgeSymbol: directed ? ['none', 'arrow'] : ['none', 'none'], edgeSymbolSize: 7,
        label: { show: true, position: 'right', color: colour('ink') }, labelLayout: { hideOverlap: true },
        itemStyle: { color: colour('shade3') }, lineStyle: { color: colour('soft'), opacity: 0.5 },
        data: names.map(function (n) { return { name: n, value: degree[n], symbolSize: 8 + 22 * Math.sqrt(degree[n] / top) }; }),
        links: t.rows.map(function (row) { return { source: row[0], target: row[1], value: row[2], lineStyle: { width: 1 + 4 * row[2] / most } }; })
      }],
      tooltip: { formatter: function (p) { return p.dataType === 'edge' ? p.data.source + (directed ? ' → ' : ' — ') + p.data.target + '：' + p.data.value : p.name + '：' + p.value; } }
    }) };
  }

  var draw = {
    bars: function (t) {
      return { height: 60 + 30 * t.rows.length, option: base({
        grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
        xAxis: values(t.rows.map(function (r) { return r[1]; })),
        yAxis: axis(t.rows.map(function (r) { return r[0]; }), { inverse: true }),
        series: [{
          type: 'bar', data: t.rows.map(function (r) { return r[1]; }), barMaxWidth: 22, itemStyle: { color: colour('shade3') },
          label: { show: true, position: 'right', color: colour('ink') }
        }]
      }) };
    },
    // Years stand on a line of time; one without cases counts none, and cases
    // without a year stand in the table only.
    lines: function (t) {
      var counts = {};
      t.rows.forEach(function (row) { if (/^\d{4}/.test(row[0])) { counts[parseInt(row[0], 10)] = row[1]; } });
      var years = Object.keys(counts).map(Number);
      var first = Math.min.apply(null, years);
      var all = [];
      for (var year = first; year <= Math.max.apply(null, years); year++) { all.push(year); }
      return { height: 280, option: base({
        grid: { left: 8, right: 24, top: 28, bottom: 8, containLabel: true },
        xAxis: axis(all.map(String), { axisLabel: { color: colour('ink') } }),
        yAxis: values(all.map(function (y) { return counts[y] || 0; })),
        series: [{
          type: 'line', data: all.map(function (y) { return counts[y] || 0; }), symbolSize: 8, lineStyle: { width: 2 },
          color: colour('shade3'), label: { show: all.length <= 20, color: colour('ink') }
        }]
      }) };
    },
    // The shades are the table's own.
    heat: function (t, table) {
      var columns = t.head.slice(1, -1); // the last one is the rows' own count
      var data = [];
      t.rows.forEach(function (row, y) {
        columns.forEach(function (_, x) {
          var shade = /shade(\d)/.exec(table.tBodies[0].rows[y].cells[x + 1].className);
          var n = shade ? Number(shade[1]) : 0;
          data.push({ value: [x, y, row[x + 1], n], label: { color: colour(n > 2 ? 'on-dark' : 'on-light') } });
        });
      });
      return { height: 90 + 26 * t.rows.length, option: base({
        grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
        xAxis: axis(columns, { position: 'top', axisLabel: { color: colour('ink'), interval: 0, rotate: columns.length > 8 ? 45 : 0 } }),
        yAxis: axis(t.rows.map(function (r) { return r[0]; }), { inverse: true }),
        visualMap: { show: false, type: 'piecewise', dimension: 3, pieces: [0, 1, 2, 3, 4].map(function (n) { return { value: n, color: colour('shade' + n) }; }) },
        series: [{
          type: 'heatmap', data: data, itemStyle: { borderColor: colour('paper'), borderWidth: 2 },
          label: { show: columns.length <= 16, formatter: function (p) { return p.value[2] || ''; } }
        }],
        tooltip: { formatter: function (p) { return t.rows[p.value[1]][0] + ' · ' + columns[p.value[0]] + '：' + p.value[2]; } }
      }) };
    },
    net: function (t) { return graph(t, false); },
    flow: function (t) { return graph(t, true); }
  };

  function show(figure) {
    var made = draw[figure.dataset.chart](read(figure.querySelector('table')), figure.querySelector('table'));
    var place = figure.querySelector('.chart');
    if (!place) {
      place = document.createElement('div');
      place.className = 'chart';
      place.setAttribute('role', 'img');
      place.setAttribute('aria-label', figure.querySelector('caption').textContent + '，图；数据见下表');
      figure.prepend(place);
    }
    place.style.height = made.height + 'px';
    // A page that is printed or out of sight has no width for a moment, and ECharts fails
    // to lay out a network within none.
    if (!place.clientWidth) { return; }
    var chart = figure.chart || echarts.init(place, null, { renderer: 'canvas' });
    figure.chart = chart;
    chart.resize();
    chart.setOption(made.option, true);
    figure.dataset.drawn = made.option.series[0].data.length;
  }

  // A picture as PNG is the server's SVG, drawn by the browser twice as large, so that
  // it is sharp in print.
  function offer(link) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = '下载图 PNG';
    button.setAttribute('aria-label', link.textContent.replace('SVG', 'PNG'));
    button.addEventListener('click', function () {
      var image = new Image();
      image.onload = function () {
        var canvas = document.createElement('canvas');
        canvas.width = 2 * image.naturalWidth;
        canvas.height = 2 * image.naturalHeight;
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) {
          var to = document.createElement('a');
          to.href = URL.createObjectURL(blob);
          to.download = /([^/]+)\.svg$/.exec(new URL(link.href).pathname)[1].replace(/^/, 'jisi-') + '.png';
          to.click();
          setTimeout(function () { URL.revokeObjectURL(to.href); }, 60000);
          button.dataset.made = blob.size;
        }, 'image/png');
      };
      image.onerror = function () { location.assign(link.href); };
      image.src = link.href;
    });
    link.after(' ', button);
  }
  document.querySelectorAll('[data-picture]').forEach(offer);

  var figures = document.querySelectorAll('[data-chart]');
  function all() { figures.forEach(show); }
  all();
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
  var asked = 0;
  window.addEventListener('resize', function () {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(all);
  });
})();
