// SPDX-License-Identifier: Apache-2.0
// Writes bundles that a page may stumble over: very deep, one sample, none, equal snapshots, a
// falling heap, labels, many rows, no profile. node ci/browser/fixtures.mjs FOLDER [ROWS]
import { mkdirSync, writeFileSync } from 'node:fs';
import { MIB, START, profile } from './profile.mjs';

const [folder, rows = '3600'] = process.argv.slice(2);

function bundle(name, profiles) {
  mkdirSync(`${folder}/${name}`, { recursive: true });
  profiles.forEach((p, i) => writeFileSync(`${folder}/${name}/heap_${String(i + 1).padStart(3, '0')}.pb`, p));
}

// A heap that fills and is collected once a minute; no profile, no trace.
function memstats(name, n) {
  mkdirSync(`${folder}/${name}`, { recursive: true });
  const lines = [];
  for (let i = 0; i < n; i++)
    lines.push(JSON.stringify({
      time: new Date((START + i) * 1000).toISOString(), HeapAlloc: 3e8 + i * 100 + i % 60 * 1e6, HeapSys: 5e8,
      Sys: 6e8 + i * 50, NumGC: Math.floor(i / 60), NextGC: 4e8 + i * 120, Goroutines: 100 + i % 7
    }));
  writeFileSync(`${folder}/${name}/memstats.jsonl`, lines.join('\n') + '\n');
}

const stack = ['shop/a.Hold', 'main.main'];
const deep = Array.from({ length: 2000 }, (v, i) => 'shop/a.F' + i);
bundle('deep', [0, 30].map((s) => profile(s, [[deep, (64 + s) * MIB]])));
bundle('one', [profile(0, [[stack, 5 * MIB]])]);
bundle('none', [profile(0, []), profile(30, [])]);
bundle('equal', [0, 10, 20, 30, 40].map((s) => profile(s, [[stack, 50 * MIB]])));
bundle('falling', [0, 10, 20, 30, 40].map((s) => profile(s, [[stack, (90 - s) * MIB], [['shop/a.Gone', 'main.main'], s < 20 ? 8 * MIB : 0]])));
const ROUTE = 'route</script><b>\u202e';
bundle('labels', [0, 10, 20, 30, 40].map((s) => profile(s, [
  [['shop/a.Hold', 'main.main'], (20 + s) * MIB, { tenant: 'acme', [ROUTE]: '/cart' }], [['shop/a.Hold', 'main.main'], 12 * MIB, { tenant: 'zeta' }],
  [['shop/a.Other', 'shop/a.Hold', 'main.main'], 3 * MIB, { tenant: 'acme', [ROUTE]: '</script><img src=x>\u202e' }], [stack, 5 * MIB]])));
memstats('rows', +rows);
