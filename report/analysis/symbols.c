/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names taken apart. Go writes package path, dot, receiver and function; closures append counters
 * that shift whenever a sibling is added, generics append type arguments that may hold slashes and
 * dots of their own, so everything stops at the first bracket.
 */
#include "report/analysis/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* Up to the type arguments or receiver: the part in which slashes and dots are the package's. */
static struct mt_span head_of(struct mt_span name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] == '[' || name.data[i] == '(')
            return mt_span_sub(name, 0, i);
    return name;
}

struct mt_span mt_symbol_namespace(struct mt_span name)
{
    size_t at = mt_span_find(head_of(name), "::");
    return at == MT_NPOS ? (struct mt_span){name.data, 0} : mt_span_sub(name, 0, at);
}

struct mt_span mt_symbol_package_of(struct mt_span name)
{
    struct mt_span space = mt_symbol_namespace(name);
    if (space.size)
        name = mt_span_from(name, space.size + 2);
    struct mt_span head = head_of(name);
    size_t slash = mt_span_find_last_byte(head, '/');
    size_t from = slash == MT_NPOS ? 0 : slash + 1;
    size_t dot = mt_span_find_byte(mt_span_from(head, from), '.');
    return mt_span_sub(name, 0, dot == MT_NPOS ? 0 : from + dot);
}

/* Size of a closure mark at the very end, 0 when there is none. */
static size_t mark_at_end(struct mt_span s)
{
    static const char *const words[] = {".func", ".gowrap", ".deferwrap", "-range", "."};
    if (mt_span_ends(s, "-fm"))
        return 3;
    size_t digits = 0;
    while (digits < s.size && is_digit(s.data[s.size - 1 - digits]))
        digits++;
    if (!digits)
        return 0;
    struct mt_span front = mt_span_sub(s, 0, s.size - digits);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mt_span_ends(front, words[i]))
            return digits + strlen(words[i]);
    return 0;
}

struct mt_span mt_symbol_owner_of(struct mt_span name)
{
    size_t least = mt_symbol_package_of(name).size + 2;
    for (;;) {
        size_t mark = mark_at_end(name);
        if (!mark || name.size - mark < least)
            break;
        name = mt_span_sub(name, 0, name.size - mark);
    }
    return name;
}

bool mt_symbol_is_closure(struct mt_span name)
{
    return mt_symbol_owner_of(name).size < name.size;
}

/* "v2", "v10" */
static bool is_major_version(struct mt_span part)
{
    if (part.size < 2 || part.data[0] != 'v')
        return false;
    for (size_t i = 1; i < part.size; i++)
        if (!is_digit(part.data[i]))
            return false;
    return true;
}

/* Appends a path element without its version: "yaml%2ev3" and "yaml.v3" become "yaml". */
static size_t put_element(char *out, struct mt_span part)
{
    size_t at = mt_span_find_byte(part, '@');
    if (at != MT_NPOS)
        part = mt_span_sub(part, 0, at);
    size_t n = 0;
    for (size_t i = 0; i < part.size; i++) {
        bool escaped = part.data[i] == '%' && i + 2 < part.size && part.data[i + 1] == '2' &&
                       (part.data[i + 2] == 'e' || part.data[i + 2] == 'E');
        out[n++] = escaped ? '.' : (char)part.data[i];
        i += escaped ? 2 : 0;
    }
    size_t dot = mt_span_find_last_byte((struct mt_span){(unsigned char *)out, n}, '.');
    if (dot != MT_NPOS && dot > 0 &&
        is_major_version((struct mt_span){(unsigned char *)out + dot + 1, n - dot - 1}))
        n = dot;
    return n;
}

const char *mt_symbol_normal(struct mt_arena *arena, struct mt_span name)
{
    name = mt_span_trim(name);
    if (mt_span_ends(name, " (inline)"))
        name = mt_span_sub(name, 0, name.size - 9);
    struct mt_span package = mt_symbol_package_of(name);
    size_t package_end = (size_t)(package.data + package.size - name.data);
    if (!package.size)
        package_end = 0;
    char *out = mt_arena_take(arena, name.size + 1, 1);
    size_t n = 0;
    struct mt_span path = mt_span_sub(name, 0, package_end), part;
    size_t vendor = mt_span_find(path, "vendor/");
    while (vendor != MT_NPOS && (vendor == 0 || path.data[vendor - 1] == '/')) {
        path = mt_span_from(path, vendor + 7);
        vendor = mt_span_find(path, "vendor/");
    }
    while (mt_span_split(&path, '/', &part)) {
        if (n && is_major_version(part))
            continue;
        if (n)
            out[n++] = '/';
        n += put_element(out + n, part);
    }
    size_t depth = 0; /* brackets are left out: shapes differ between compilers */
    for (size_t i = package_end; i < name.size; i++) {
        unsigned char c = name.data[i];
        depth += c == '[';
        if (!depth)
            out[n++] = (char)c;
        depth -= c == ']' && depth;
    }
    out[n] = '\0';
    return out;
}

int mt_symbol_compare(struct mt_span a, struct mt_span b)
{
    size_t i = 0, j = 0;
    while (i < a.size && j < b.size) {
        if (is_digit(a.data[i]) && is_digit(b.data[j])) {
            size_t from_a = i, from_b = j;
            while (i < a.size && is_digit(a.data[i]))
                i++;
            while (j < b.size && is_digit(b.data[j]))
                j++;
            while (from_a < i - 1 && a.data[from_a] == '0')
                from_a++;
            while (from_b < j - 1 && b.data[from_b] == '0')
                from_b++;
            if (i - from_a != j - from_b)
                return i - from_a < j - from_b ? -1 : 1;
            int order = memcmp(a.data + from_a, b.data + from_b, i - from_a);
            if (order)
                return order;
        } else {
            if (a.data[i] != b.data[j])
                return a.data[i] < b.data[j] ? -1 : 1;
            i++;
            j++;
        }
    }
    return (i < a.size) - (j < b.size);
}

/* --- the table of a bundle --- */

struct named {
    struct mt_span normal;
    uint32_t id;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = mt_symbol_compare(x->normal, y->normal);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static void mark(struct mt_symbols *s, uint32_t function, uint32_t file)
{
    if (!function || function >= s->n)
        return;
    s->marks[function] |= MT_SYMBOL_KNOWN;
    if (!s->file[function])
        s->file[function] = file;
}

static void mark_dump(struct mt_symbols *s, const struct mt_goroutine_dump *d)
{
    for (size_t i = 0; i < d->n_frames; i++)
        mark(s, d->frames[i].function, d->frames[i].file);
    for (size_t i = 0; i < d->n_goroutines; i++)
        mark(s, d->goroutines[i].created_by.function, d->goroutines[i].created_by.file);
}

static void mark_trace(struct mt_symbols *s, const struct mt_trace *t)
{
    for (size_t i = 0; i < t->n_sites; i++) {
        mark(s, t->sites[i].creator, t->sites[i].creator_file);
        mark(s, t->sites[i].start_function, 0);
        mark(s, t->sites[i].wait_function, t->sites[i].wait_file);
    }
    for (size_t i = 0; i < t->n_blocks; i++)
        mark(s, t->blocks[i].function, 0);
}

static void mark_functions(struct mt_symbols *s)
{
    const struct mt_bundle *b = s->bundle;
    for (size_t k = 0; k < MT_PROFILE_KINDS; k++)
        for (size_t i = 0; i < b->n_profiles[k]; i++) {
            const struct mt_profile *p = b->profiles[k][i].profile;
            for (size_t f = 0; f < p->n_functions; f++)
                mark(s, p->functions[f].name, p->functions[f].file);
        }
    for (size_t i = 0; i < b->n_dumps; i++)
        mark_dump(s, b->dumps[i]);
    for (size_t i = 0; i < b->n_traces; i++)
        mark_trace(s, b->traces[i]);
}

/* Ranks of closures among their siblings: names arrive in natural order, so the first unseen child
 * of a parent gets the next rank. */
struct ranks {
    struct mt_strings seen; /* normal prefix up to and with a counter, and "prefix\0kind" */
    uint32_t *count;        /* by id in seen */
    size_t n;
};

static uint32_t *slot(struct ranks *r, struct mt_arena *arena, struct mt_span text)
{
    uint32_t id = mt_intern(&r->seen, text);
    if (id >= r->n) {
        size_t more = r->n ? r->n * 2 : 256;
        r->count = mt_arena_grow(arena, r->count, r->n, more, sizeof *r->count);
        r->n = more;
    }
    return &r->count[id];
}

/* `normal` with each counter of its closure marks replaced by its rank. */
static uint32_t ranked_key(struct mt_symbols *s, struct ranks *r, struct mt_arena *scratch,
                           struct mt_span normal)
{
    struct mt_span owner = mt_symbol_owner_of(normal);
    char *out = mt_arena_take(s->arena, 1, normal.size + 16 * (normal.size - owner.size) + 1);
    memcpy(out, owner.data, owner.size);
    size_t n = owner.size;
    size_t i = n;
    while (i < normal.size) {
        size_t word = i;
        while (i < normal.size && !is_digit(normal.data[i]))
            i++;
        size_t digits = i;
        while (i < normal.size && is_digit(normal.data[i]))
            i++;
        memcpy(out + n, normal.data + word, digits - word);
        n += digits - word;
        if (digits == i)
            continue;
        uint32_t *own = slot(r, scratch, mt_span_sub(normal, 0, i));
        uint32_t rank = *own;
        if (!rank) { /* a parent's name ends in a letter or digit, never in the kind of its child */
            uint32_t *children = slot(r, scratch, mt_span_sub(normal, 0, digits));
            rank = ++*children;
            *slot(r, scratch, mt_span_sub(normal, 0, i)) = rank;
        }
        n += (size_t)snprintf(out + n, 12, "%u", rank);
    }
    return mt_intern_borrowed(&s->keys, (struct mt_span){(unsigned char *)out, n});
}

static unsigned marks_of(struct mt_span name, struct mt_span package)
{
    static const char *const waiting[] = {"sync", "internal/sync", "sync/atomic",  "internal/poll",
                                          "time", "context",       "internal/race"};
    static const char *const wrappers[] = {
        "runtime.growslice",      "runtime.mapassign",   "runtime.makeslice",
        "runtime.newobject",      "runtime.makemap",     "runtime.rawbyteslice",
        "runtime.concatstring",   "bytes.(*Buffer).",    "bytes.growSlice",
        "strings.(*Builder).",    "sync.(*Pool).",       "bufio.New",
        "runtime.slicebytetostr", "runtime.stringtosli", "internal/bytealg."};
    unsigned m = 0;
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++)
        m |= mt_span_is(package, waiting[i]) ? MT_SYMBOL_SYNC : 0u;
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        m |= mt_span_starts(name, wrappers[i]) ? MT_SYMBOL_WRAPPER : 0u;
    if (mt_span_is(package, "net/http/pprof") || mt_span_is(package, "runtime/trace") ||
        (mt_span_is(package, "runtime/pprof") && !mt_span_starts(name, "runtime/pprof.Do") &&
         !mt_span_starts(name, "runtime/pprof.SetGoroutineLabels") &&
         !mt_span_starts(name, "runtime/pprof.WithLabels")))
        m |= MT_SYMBOL_CAPTURE;
    if (mt_symbol_is_closure(name))
        m |= MT_SYMBOL_CLOSURE;
    return m;
}

struct mt_symbols *mt_symbols_of(struct mt_arena *arena, const struct mt_bundle *bundle)
{
    struct mt_arena scratch = {0};
    struct mt_symbols *s = MT_NEW(arena, struct mt_symbols);
    s->bundle = bundle;
    s->arena = arena;
    s->n = bundle->strings->count;
    s->key = MT_NEW_N(arena, uint32_t, s->n);
    s->package = MT_NEW_N(arena, uint32_t, s->n);
    s->origin = MT_NEW_N(arena, unsigned char, s->n);
    s->marks = MT_NEW_N(arena, unsigned char, s->n);
    mt_strings_init(&s->keys, arena);
    s->file = MT_NEW_N(arena, uint32_t, s->n);
    mark_functions(s);

    struct named *names = MT_NEW_N(&scratch, struct named, s->n);
    size_t n_names = 0;
    for (uint32_t id = 1; id < s->n; id++) {
        if (!s->marks[id])
            continue;
        struct mt_span name = mt_string(bundle->strings, id);
        names[n_names++] = (struct named){mt_span_of(mt_symbol_normal(&scratch, name)), id};
        struct mt_span package = mt_symbol_package_of(name);
        s->has_namespaces = s->has_namespaces || mt_symbol_namespace(name).size;
        s->package[id] = mt_intern(bundle->strings, package);
        s->marks[id] |= (unsigned char)marks_of(name, package);
    }
    qsort(names, n_names, sizeof *names, by_name);
    struct ranks ranks = {0};
    mt_strings_init(&ranks.seen, &scratch);
    for (size_t i = 0; i < n_names; i++)
        s->key[names[i].id] = ranked_key(s, &ranks, &scratch, names[i].normal);
    mt_symbols_find_app(s);
    for (uint32_t id = 1; id < s->n; id++)
        if (s->marks[id])
            s->origin[id] = (unsigned char)mt_symbol_origin_of(
                s, mt_string(bundle->strings, id), mt_string(bundle->strings, s->file[id]));
    mt_arena_clear(&scratch);
    return s;
}

enum mt_origin mt_symbol_origin(const struct mt_symbols *s, uint32_t function)
{
    return function < s->n ? (enum mt_origin)s->origin[function] : MT_ORIGIN_RUNTIME;
}

bool mt_symbol_marked(const struct mt_symbols *s, uint32_t function, unsigned marks)
{
    return function < s->n && (s->marks[function] & marks);
}

uint32_t mt_symbol_package(const struct mt_symbols *s, uint32_t function)
{
    return function < s->n ? s->package[function] : 0;
}

const char *mt_symbol_key(const struct mt_symbols *s, uint32_t function)
{
    return function < s->n ? mt_string_text(&s->keys, s->key[function]) : "";
}
