/* SPDX-License-Identifier: Apache-2.0 */
/* The page is finished without this script. It decodes the payload behind the page, replaces the
   two static flame graphs by one canvas, and joins lanes, frames, cards and rows by function and by
   time. If any step fails, the static page comes back and the status line names the step. */

const page = document.documentElement;
const SVG = 'http://www.w3.org/2000/svg';
const byId = (id) => document.getElementById(id);
const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
const clamp = (v, low, high) => Math.max(low, Math.min(high, v));

function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === 'on') for (const [type, run] of Object.entries(value)) e.addEventListener(type, run);
    else if (value === true) e.setAttribute(key, '');
    else if (value !== false && value !== null) e.setAttribute(key, value);
  }
  e.append(...children);
  return e;
}

function makeSvg(tag, attributes) {
  const e = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}
