// SPDX-License-Identifier: Apache-2.0
// Writes testdata/hostile-bundle: a capture in which everything that is text tries to be more than
// text. ci/tests/hostile.sh and the browser check say what must not come of it.
// node ci/browser/hostile.mjs testdata/hostile-bundle
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { MIB, START, profile } from './profile.mjs';

// Written when run, not when imported for the names.
const folder = process.argv[1].endsWith('hostile.mjs') ? process.argv[2] : null;
const write = (name, content) => {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}`, content);
};

export const names = [
  'x/</script><script>alert(1)</script>.F',
  'x/<img src=x onerror=alert(1)>.(*T).F',
  'x/]]><svg/onload=alert(1)><!-- -->.F',
  'x/p.\u202egnirts\u202c\u200b\u2066\ufeff|@octocat',
  'x/p."\'>&amp;&#60;\u0007\u001b[31m\u009b.F',
  'javascript:alert(1)',
  'x/p.`@octocat` ``` #123 [click](javascript:alert(1)) ![i](https://evil.example/x.png) **b** | a | b |',
  'x/p.F\r\n\r\n## heading\r\n<details><summary>s</summary>\n|a|b|\n|--|--|',
  'x/p.\u2028</style>{{verdict}}${1}\\u003c\\`\\|',
  '__proto__', 'constructor', '*/alert(1)/*', '$(touch x);a;b 12',
  Buffer.from('nul\0inside.F'), Buffer.from([0x78, 0x2f, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x2e, 0x46]),
  'x/long.' + '<b>@octocat</b>'.repeat(700)
];
const labels = { '</dd><script>': '"><img src=x onerror=alert(1)>', '@octocat|`': '\u202e[x](javascript:alert(1))#123' };

for (let shot = 0; shot < 6; shot++) {
  const stacks = names.map((name, i) => [[name, names[(i + 1) % names.length], 'main.main'], (2 + i % 4) * MIB + (i < 4 ? shot * (8 - i) * MIB : 0), labels]);
  write(`heap_${shot + 1}.pb.gz`, gzipSync(profile(shot * 20, stacks, '/src/</script>`|@octocat\u202e.go')));
}

const line = (text) => String(text).replace(/[\r\n]/g, ' ');
const dump = (minutes) => names.slice(0, 8).map((name, i) => `goroutine ${i + 1} [chan receive, ${minutes} minutes]:
${line(name)}(0xc000012345)
\t/src/<b>@octocat</b>|\`\u202e.go:1${i} +0x1d
created by ${line(names[1])} in goroutine 1
\t/src/<img src=x>.go:7 +0x2c
`).join('\n');
write('goroutine_001.txt', dump(1));
write('goroutine_002.txt', dump(9));

write('app.log', Array.from({ length: 40 }, (v, i) =>
  `${new Date((START + i * 3) * 1000).toISOString()} level=info msg="<script>alert(1)</script> @octocat #123 \u202e" HeapAlloc=${4e8 + i * 4e6} NumGC=${i} <img src=x onerror=alert(1)>`).join('\n') + '\n');

const span = (i) => ({
  traceId: String(i).padStart(32, '0'), spanId: String(i).padStart(16, '0'), name: line(names[i % 8]),
  startTimeUnixNano: String(BigInt(START + i * 5) * 1000000000n), endTimeUnixNano: String(BigInt(START + i * 5) * 1000000000n + 25000000n),
  attributes: [{ key: 'http.route', value: { stringValue: '/<img src=x onerror=alert(1)>|`@octocat`' } }, { key: 'http.status_code', value: { intValue: '500' } }],
  status: { code: 2, message: '</td><script>alert(1)</script>' }
});
write('spans.json', JSON.stringify({ resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: '<b>@octocat' } }] }, scopeSpans: [{ spans: Array.from({ length: 20 }, (v, i) => span(i)) }] }] }));

write('bundle.json', JSON.stringify({
  service: '<b>shop</b>`|@octocat \u202e #123 </title><script>alert(1)</script>', build: '"><img src=x onerror=alert(1)>',
  go_version: 'go1.26 [x](javascript:alert(1))', labels: { cluster_id: '</script>@octocat', tenant_namespace: '`|\n# heading' }
}, null, 1) + '\n');

write('notes.md', `# Notes <script>alert(1)</script>

<img src=x onerror=alert(1)> and <https://evil.example/auto> and [a link](javascript:alert(1)) and
![a picture](https://evil.example/x.png) and [another][r], @octocat, #123, \u202e backwards.

[r]: https://evil.example "title"

<details><summary>raw</summary>

| a | b |
|--|--|
| \`|\` | ]]> |

\`\`\`html
</code></pre><script>alert(1)</script>
`);
write('page.html', '<!doctype html><title>404 @octocat</title><script>alert(1)</script>\u202e\n');
