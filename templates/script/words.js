/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, times and names, written as the static page writes them. */

const NBSP = '\u00a0';
const thousands = (digits) => digits.replace(/^([+-]?\d+)/, (d) => d.replace(/\B(?=(\d{3})+$)/g, ','));
const count = (n) => thousands(String(Math.round(n)));
const sum = (list) => list.reduce((a, b) => a + b, 0);
const signed = (n, text) => (n > 0 ? '+' : n < 0 ? '-' : '') + text;

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  let v = Math.abs(n);
  while (i < 4 && v >= 1024) { v /= 1024; i++; }
  return (n < 0 ? '-' : '') + thousands(i ? v.toFixed(1) : String(Math.round(v))) + NBSP + units[i];
}

/* Of a text with a unit in it, and an amount in that unit, without it. */
const unitOf = (text) => { const unit = /([KMGT])iB/.exec(text); return unit ? 1024 ** (1 + 'KMGT'.indexOf(unit[1])) : 1; };
const inUnit = (v, by) => by > 1 ? thousands((v / by).toFixed(1)) : count(v);

function share(part, whole) {
  if (!(whole > 0)) return '0.0%';
  const p = part / whole * 100;
  return p > 0 && p < 0.05 ? '<0.1%' : p.toFixed(1) + '%';
}

function span(seconds) {
  const s = Math.round(seconds);
  if (seconds < 10) return (Math.round(seconds * 10) / 10) + NBSP + 's';
  if (s < 60) return s + NBSP + 's';
  if (s < 3600) return Math.floor(s / 60) + NBSP + 'min' + (s % 60 ? ' ' + s % 60 + NBSP + 's' : '');
  return Math.floor(s / 3600) + NBSP + 'h ' + Math.floor(s % 3600 / 60) + NBSP + 'min';
}

/* Characters that are not seen, or that change how others are seen, are shown as the page does. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|\ud834[\udd73-\udd7a]|[\udb40-\udb43][\udc00-\udfff]/g;
const printable = (text) =>
  text.replace(HIDDEN, (c) => '\\u' + c.codePointAt(0).toString(16).padStart(4, '0'));

/* Full path, last element, Type.Method, Method. */
function formsOf(full) {
  const stop = full.search(/[[(]/);
  const slash = full.lastIndexOf('/', stop < 0 ? full.length : stop);
  const element = full.slice(slash + 1);
  const dot = element.search(/[.[(]/);
  const type = dot > 0 && element[dot] === '.' && dot + 1 < element.length ? element.slice(dot + 1) : element;
  let depth = 0;
  let start = 0;
  for (let i = 0; i < type.length; i++) {
    if (type[i] === '(' || type[i] === '[') depth++;
    else if (type[i] === ')' || type[i] === ']') depth--;
    else if (type[i] === '.' && !depth && i + 1 < type.length &&
             !/^(func|gowrap|deferwrap)?\d+(\.|-|$)/.test(type.slice(i + 1))) start = i + 1;
  }
  return [full, element, type, type.slice(start)];
}

function fit(forms, room) {
  for (const form of forms) if (form.length <= room) return form;
  return room >= 4 ? forms[3].slice(0, room - 2) + '..' : '';
}
