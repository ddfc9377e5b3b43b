/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/redact.h"

#include "parsers/base/text.h"

#include <string.h>

static const struct mt_redacted_kind kinds[MT_REDACTED_KINDS] = {
#define KIND_ROW(id, word, one, many) {word, one, many},
    MT_SECRETS(KIND_ROW)
#undef KIND_ROW
        {"path", "folder", "folders"},
    {"label", "label value", "label values"},
    {"arg", "argument", "arguments"},
};

const struct mt_redacted_kind *mt_redacted_kind(unsigned kind)
{
    return &kinds[kind];
}

bool mt_redaction_parse(const char *list, unsigned *what, struct mt_span *word)
{
    static const char *const words[] = {"secrets", "paths", "labels", "args"};
    struct mt_span rest = mt_span_of(list);
    *what = 0;
    *word = (struct mt_span){0};
    if (mt_span_is(rest, "none"))
        return true;
    while (mt_span_split(&rest, ',', word)) {
        size_t i = 0;
        while (i < 4 && !mt_span_is(*word, words[i]))
            i++;
        if (i == 4)
            return false;
        *what |= 1u << i;
    }
    return *what != 0;
}

void mt_redaction_init(struct mt_redaction *r, struct mt_arena *arena, unsigned what)
{
    *r = (struct mt_redaction){.what = what, .arena = arena};
    mt_strings_init(&r->known, arena);
}

const char *mt_redact_mark(struct mt_redaction *r, unsigned kind, struct mt_span text)
{
    size_t before = r->known.count;
    uint32_t id = mt_intern(&r->known, text);
    if (r->known.count > r->cap_marks) {
        size_t more = r->known.capacity;
        r->marks = mt_arena_grow(r->arena, r->marks, r->cap_marks, more, sizeof *r->marks);
        r->cap_marks = more;
    }
    if (r->known.count > before)
        r->marks[id] = mt_arena_printf(r->arena, "[redacted:%s-%llu]", kinds[kind].word,
                                       (unsigned long long)++r->counts[kind].values);
    r->counts[kind].places++;
    return r->marks[id];
}

/* -- texts -------------------------------------------------------------------------------- */

struct piece {
    unsigned kind;
    size_t at, size;
};

typedef bool finder(struct mt_span text, size_t from, struct piece *found);

static bool find_secret(struct mt_span text, size_t from, struct piece *found)
{
    struct mt_secret secret;
    if (!mt_secret_find(text, from, &secret))
        return false;
    *found = (struct piece){(unsigned)secret.kind, secret.at, secret.size};
    return true;
}

static bool find_home(struct mt_span text, size_t from, struct piece *found)
{
    found->kind = MT_REDACTED_PATH;
    return mt_redact_find_home(text, from, &found->at, &found->size);
}

static bool find_argument(struct mt_span text, size_t from, struct piece *found)
{
    found->kind = MT_REDACTED_ARGUMENT;
    return mt_redact_find_argument(text, from, &found->at, &found->size);
}

static struct mt_span replaced(struct mt_redaction *r, struct mt_arena *a, struct mt_span text,
                               finder *find)
{
    struct piece p;
    if (!find(text, 0, &p))
        return text;
    struct mt_text out = {0};
    size_t done = 0;
    do {
        mt_text_span(&out, mt_span_sub(text, done, p.at - done));
        mt_text_add(&out, mt_redact_mark(r, p.kind, mt_span_sub(text, p.at, p.size)));
        done = p.at + p.size;
    } while (find(text, done, &p));
    mt_text_span(&out, mt_span_from(text, done));
    struct mt_span copy = {(unsigned char *)mt_arena_copy(a, out.data, out.size), out.size};
    mt_text_clear(&out);
    return copy;
}

struct mt_span mt_redact_text(struct mt_redaction *r, struct mt_arena *a, struct mt_span text)
{
    if (r->what & MT_REDACT_SECRETS)
        text = replaced(r, a, text, find_secret);
    if (r->what & MT_REDACT_PATHS)
        text = replaced(r, a, text, find_home);
    return text;
}

struct mt_span mt_redact_label(struct mt_redaction *r, struct mt_arena *a, struct mt_span key,
                               struct mt_span value)
{
    if (value.size && r->what & MT_REDACT_SECRETS && mt_secret_name(key))
        return mt_span_of(mt_redact_mark(r, MT_SECRET_SECRET, value));
    return mt_redact_text(r, a, value);
}

static const char *redacted(struct mt_redaction *r, struct mt_arena *a, const char *text)
{
    return text ? (const char *)mt_redact_text(r, a, mt_span_of(text)).data : NULL;
}

/* Markdown writes "ghp\_..." for "ghp_..." and "&amp;" for "&": secrets are looked for in what a
 * reader will see, `at` leads back. */
struct plain {
    unsigned char *bytes;
    size_t *at; /* of each byte in the Markdown; one more at the end */
    size_t size;
};

static bool is_escape(struct mt_span s, size_t at)
{
    return s.data[at] == '\\' && at + 1 < s.size &&
           strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s.data[at + 1]) && s.data[at + 1];
}

static struct plain plain_of(struct mt_arena *a, struct mt_span markdown)
{
    struct plain p = {MT_NEW_N(a, unsigned char, markdown.size + 1),
                      MT_NEW_N(a, size_t, markdown.size + 1), 0};
    for (size_t i = 0; i < markdown.size; i++) {
        p.at[p.size] = i;
        i += is_escape(markdown, i);
        p.bytes[p.size++] = markdown.data[i];
        if (mt_span_starts(mt_span_from(markdown, i), "&amp;"))
            i += 4;
    }
    p.at[p.size] = markdown.size;
    return p;
}

static struct mt_span redact_notes(struct mt_redaction *r, struct mt_arena *a, struct mt_span notes)
{
    struct mt_arena scratch = {0};
    struct plain p = plain_of(&scratch, notes);
    struct mt_span seen = {p.bytes, p.size};
    struct mt_text out = {0};
    struct mt_secret s;
    size_t done = 0;
    for (size_t from = 0; mt_secret_find(seen, from, &s); from = s.at + s.size) {
        mt_text_span(&out, mt_span_sub(notes, done, p.at[s.at] - done));
        mt_text_add(&out, mt_redact_mark(r, s.kind, mt_span_sub(seen, s.at, s.size)));
        done = p.at[s.at + s.size];
    }
    if (done) {
        mt_text_span(&out, mt_span_from(notes, done));
        notes = (struct mt_span){(unsigned char *)mt_arena_copy(a, out.data, out.size), out.size};
    }
    mt_text_clear(&out);
    mt_arena_clear(&scratch);
    return r->what & MT_REDACT_PATHS ? replaced(r, a, notes, find_home) : notes;
}

/* -- fields ------------------------------------------------------------------------------- */

struct pass {
    struct mt_redaction *r;
    struct mt_strings *strings;
    struct mt_arena *arena;
    unsigned char *names; /* of keys: 1 it is no secret's name, 2 it is; by string id */
    size_t n_names;
};

static bool names_secret(struct pass *p, uint32_t key)
{
    if (!(p->r->what & MT_REDACT_SECRETS) || key >= p->n_names)
        return false;
    if (!p->names[key])
        p->names[key] = mt_secret_name(mt_string(p->strings, key)) ? 2 : 1;
    return p->names[key] == 2;
}

/* The field gets another string: elsewhere the same text may be no secret. */
static void redact_value(struct pass *p, unsigned kind, uint32_t *id)
{
    struct mt_span text = mt_string(p->strings, *id);
    if (text.size && !mt_span_starts(text, "[redacted:"))
        *id = mt_intern_text(p->strings, mt_redact_mark(p->r, kind, text));
}

static void redact_labels(struct pass *p, struct mt_label *labels, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!labels[i].text)
            continue;
        if (names_secret(p, labels[i].key))
            redact_value(p, MT_SECRET_SECRET, &labels[i].text);
        else if (p->r->what & MT_REDACT_LABELS)
            redact_value(p, MT_REDACTED_LABEL, &labels[i].text);
    }
}

static void redact_manifest(struct pass *p, const struct mt_manifest *m)
{
    for (size_t i = 0; i < m->n_labels; i++)
        if (names_secret(p, m->labels[i].key))
            redact_value(p, MT_SECRET_SECRET, &m->labels[i].value);
}

static void redact_arguments(struct pass *p, uint32_t *id)
{
    struct mt_span text = mt_string(p->strings, *id);
    struct mt_span out = replaced(p->r, p->arena, text, find_argument);
    if (out.data != text.data)
        *id = mt_intern_borrowed(p->strings, out);
}

static const char *redact_statement(struct pass *p, const char *id, const char *statement)
{
    struct mt_span text = mt_redact_text(p->r, p->arena, mt_span_of(statement));
    if (p->r->what & MT_REDACT_ARGS && strcmp(id, "panic") == 0)
        text = replaced(p->r, p->arena, text, find_argument);
    return (const char *)text.data;
}

static void redact_fields(struct pass *p, struct mt_capture *c)
{
    for (size_t i = 0; i < c->n_profiles; i++)
        redact_labels(p, c->profiles[i].labels, c->profiles[i].n_labels);
    for (size_t i = 0; i < c->n_dumps; i++)
        redact_labels(p, c->dumps[i].labels, c->dumps[i].n_labels);
    if (c->manifest)
        redact_manifest(p, c->manifest);
    if (!(p->r->what & MT_REDACT_ARGS))
        return;
    for (size_t i = 0; i < c->n_requests; i++)
        redact_arguments(p, &c->requests[i].name);
    for (size_t i = 0; c->trace && i < c->trace->n_logs; i++)
        redact_arguments(p, &c->trace->logs[i].message);
}

/* The string table; then the fields whose place says what their text cannot. */
static struct pass begin(struct mt_redaction *r, struct mt_strings *strings, struct mt_arena *arena,
                         struct mt_capture *const *captures, size_t n)
{
    if (r->what & MT_REDACT_PATHS)
        mt_redact_files(r, strings, captures, n);
    for (uint32_t id = 1; id < strings->count; id++) {
        struct mt_span text = strings->items[id], out = mt_redact_text(r, arena, text);
        if (out.data != text.data)
            mt_strings_replace(strings, id, out);
    }
    mt_strings_index(strings);
    struct pass p = {r, strings, arena, MT_NEW_N(arena, unsigned char, strings->count),
                     strings->count};
    for (size_t i = 0; i < n; i++)
        redact_fields(&p, captures[i]);
    return p;
}

/* -- a bundle, a capture ------------------------------------------------------------------ */

/* Archives of "/home/name/bundle" hold "home/name/bundle". */
static const char *redact_path(struct mt_redaction *r, struct mt_arena *a, const char *path)
{
    if (!(r->what & MT_REDACT_PATHS) || !path || path[0] == '/')
        return redacted(r, a, path);
    const char *rooted = mt_arena_printf(a, "/%s", path), *out = redacted(r, a, rooted);
    return out[0] == '/' ? out + 1 : out;
}

void mt_redact_bundle(struct mt_redaction *r, struct mt_bundle *b)
{
    if (!r->what)
        return;
    struct mt_capture **captures = MT_NEW_N(b->arena, struct mt_capture *, b->n_inputs + 1);
    size_t n = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        struct mt_input *input = &b->inputs[i];
        input->path = redact_path(r, b->arena, input->path);
        input->reason = redacted(r, b->arena, input->reason);
        if (!input->capture)
            continue;
        input->capture->path = input->path;
        captures[n++] = input->capture;
    }
    struct pass p = begin(r, b->strings, b->arena, captures, n);
    redact_manifest(&p, &b->manifest);
    b->name = redacted(r, b->arena, b->name);
    if (b->notes.size)
        b->notes = redact_notes(r, b->arena, b->notes);
    for (size_t i = 0; i < b->n_quality; i++)
        b->quality[i].statement = redact_statement(&p, b->quality[i].id, b->quality[i].statement);
}

void mt_redact_capture(struct mt_redaction *r, struct mt_capture *c)
{
    if (!r->what)
        return;
    struct pass p = begin(r, c->strings, c->arena, &c, 1);
    if (c->notes.size)
        c->notes = redact_notes(r, c->arena, c->notes);
    for (size_t i = 0; i < c->n_remarks; i++)
        c->remarks[i].statement = redact_statement(&p, c->remarks[i].id, c->remarks[i].statement);
}
