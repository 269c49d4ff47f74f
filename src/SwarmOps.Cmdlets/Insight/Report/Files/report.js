(function () {
  'use strict';
  function key(row, column) {
    var cell = row.cells[column];
    var value = cell.getAttribute('data-v');
    if (value === null) value = cell.textContent.trim();
    var number = parseFloat(value);
    return value !== '' && !isNaN(number) && /^-?[0-9.]+$/.test(value) ? number : value.toLowerCase();
  }
  document.querySelectorAll('table[data-sort] thead th').forEach(function (head) {
    var button = document.createElement('button');
    button.type = 'button';
    while (head.firstChild) button.appendChild(head.firstChild);
    head.appendChild(button);
    button.addEventListener('click', function () {
      var table = head.closest('table'), body = table.tBodies[0], column = head.cellIndex;
      var up = head.getAttribute('aria-sort') !== 'ascending';
      Array.prototype.forEach.call(head.parentNode.cells, function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      Array.prototype.slice.call(body.rows)
        .sort(function (a, b) {
          var x = key(a, column), y = key(b, column);
          if (typeof x !== typeof y) { x = String(x); y = String(y); }
          return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
        })
        .forEach(function (row) { body.appendChild(row); });
    });
  });
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('details').forEach(function (part) { part.open = true; });
  });
})();
