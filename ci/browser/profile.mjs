// SPDX-License-Identifier: Apache-2.0
// Small heap profiles (profile.proto) out of stacks, for fixtures.

function varint(v) {
  const out = [];
  let n = BigInt(v);
  while (n > 127n) { out.push(Number(n & 127n) | 128); n >>= 7n; }
  out.push(Number(n));
  return Buffer.from(out);
}
const field = (number, value) => Buffer.concat([varint(number << 3), varint(value)]);
const bytes = (number, content) => Buffer.concat([varint(number << 3 | 2), varint(content.length), content]);

export const MIB = 1 << 20;
export const START = 1795300000;

// stacks: [names from the leaf to the root, bytes, {label: value}]. A name is a string or a Buffer.
export function profile(seconds, stacks, file = '/src/shop/a.go') {
  const strings = [''];
  const place = new Map([['', 0]]);
  const id = (s) => {
    const key = Buffer.isBuffer(s) ? s.toString('latin1') + '\0raw' : s;
    if (!place.has(key)) { place.set(key, strings.length); strings.push(s); }
    return place.get(key);
  };
  const functions = new Map();
  const fn = (name) => {
    const at = id(name);
    if (!functions.has(at)) functions.set(at, functions.size + 1);
    return functions.get(at);
  };
  const out = [['inuse_objects', 'count'], ['inuse_space', 'bytes']]
    .map(([type, unit]) => bytes(1, Buffer.concat([field(1, id(type)), field(2, id(unit))])));
  for (const [names, value, labels = {}] of stacks)
    out.push(bytes(2, Buffer.concat([
      bytes(1, Buffer.concat(names.map((n) => varint(fn(n))))),
      bytes(2, Buffer.concat([varint(Math.max(1, value >> 10)), varint(value)])),
      ...Object.entries(labels).map(([k, v]) => bytes(3, Buffer.concat([field(1, id(k)), field(2, id(v))])))])));
  for (const number of functions.values())
    out.push(bytes(4, Buffer.concat([field(1, number), bytes(4, Buffer.concat([field(1, number), field(2, 10)]))])));
  const source = id(file);
  for (const [name, number] of functions)
    out.push(bytes(5, Buffer.concat([field(1, number), field(2, name), field(4, source)])));
  const period = bytes(11, Buffer.concat([field(1, id('space')), field(2, id('bytes'))]));
  out.push(...strings.map((s) => bytes(6, Buffer.isBuffer(s) ? s : Buffer.from(s))));
  return Buffer.concat([...out, field(9, BigInt(START + seconds) * 1000000000n), period, field(12, 524288)]);
}
