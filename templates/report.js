/*<![CDATA[*/
(function () {
  'use strict';
  var root = document.documentElement;
  var theme = document.getElementById('theme');
  var order = ['auto', 'light', 'dark'];
  var current = 'auto';

  function showTheme(value) {
    current = value;
    if (value === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', value);
    theme.textContent = 'Theme: ' + value;
  }

  root.setAttribute('data-js', '1');
  document.querySelectorAll('.ctl').forEach(function (e) { e.hidden = false; });
  try {
    var saved = localStorage.getItem('mt-theme');
    if (order.indexOf(saved) > 0) showTheme(saved);
  } catch (e) { /* a sandbox forgets the theme */ }
  theme.addEventListener('click', function () {
    showTheme(order[(order.indexOf(current) + 1) % 3]);
    try { localStorage.setItem('mt-theme', current); } catch (e) { /* as above */ }
  });
  addEventListener('beforeprint', function () {
    document.querySelectorAll('details').forEach(function (d) { d.open = true; });
  });
  performance.mark('memtriage:ready');
})();
/*]]>*/
