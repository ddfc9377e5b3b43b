/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose code a function is. The standard library is known by its top-level folders; the service's
 * own code by the manifest, by where main.main stands among the other files, or by the commonest
 * module of the names.
 */
#include "report/analysis/symbols.h"

#include <string.h>

enum { MOST_CANDIDATES = 64 };

bool mt_symbol_package_is_std(struct mt_span package)
{
    static const char *const top[] = {
        "archive", "arena",    "bufio",  "bytes",   "cmp",      "compress", "container", "context",
        "crypto",  "database", "debug",  "embed",   "encoding", "errors",   "expvar",    "flag",
        "fmt",     "go",       "hash",   "html",    "image",    "index",    "internal",  "io",
        "iter",    "log",      "maps",   "math",    "mime",     "net",      "os",        "path",
        "plugin",  "reflect",  "regexp", "runtime", "simd",     "slices",   "sort",      "strconv",
        "strings", "structs",  "sync",   "syscall", "testing",  "text",     "time",      "unicode",
        "unique",  "unsafe",   "vendor", "weak"};
    struct mt_span first = package;
    size_t slash = mt_span_find_byte(package, '/');
    if (slash != MT_NPOS)
        first = mt_span_sub(package, 0, slash);
    for (size_t i = 0; i < sizeof top / sizeof *top; i++)
        if (mt_span_is(first, top[i]))
            return true;
    return false;
}

static bool is_runtime(struct mt_span package)
{
    return mt_span_is(package, "runtime") || mt_span_starts(package, "runtime/internal/") ||
           mt_span_starts(package, "internal/runtime/") || mt_span_is(package, "internal/abi") ||
           mt_span_is(package, "internal/bytealg") || mt_span_is(package, "internal/cpu");
}

/* The path or something below it. */
static bool is_under(struct mt_span path, struct mt_span prefix)
{
    return path.size >= prefix.size && !memcmp(path.data, prefix.data, prefix.size) &&
           (path.size == prefix.size || path.data[prefix.size] == '/' || !prefix.size);
}

static bool has_dot(struct mt_span package)
{
    size_t slash = mt_span_find_byte(package, '/');
    struct mt_span first = slash == MT_NPOS ? package : mt_span_sub(package, 0, slash);
    return mt_span_find_byte(first, '.') != MT_NPOS;
}

/* "java.util.concurrent.Foo.put": the JDK's packages, two at least, then a class. Go has no such
 * names. */
static bool is_of_jdk(struct mt_span name)
{
    static const char *const tops[] = {"java", "javax", "jdk", "sun"};
    struct mt_span part;
    bool known = mt_span_split(&name, '.', &part), named = false;
    for (size_t i = 0; known && i < sizeof tops / sizeof *tops && !named; i++)
        named = mt_span_is(part, tops[i]);
    size_t packages = 1;
    while (named && name.size && mt_span_split(&name, '.', &part) && part.size) {
        if (part.data[0] >= 'A' && part.data[0] <= 'Z')
            return packages >= 2;
        if (part.data[0] < 'a' || part.data[0] > 'z')
            return false;
        packages++;
    }
    return false;
}

enum mt_origin mt_symbol_origin_of(const struct mt_symbols *s, struct mt_span name,
                                   struct mt_span file)
{
    struct mt_span package = mt_symbol_package_of(name);
    /* a step of a path of references: "[3]. ([]uint8)", "$mapval. (*main.session)" */
    if (mt_span_starts(name, "[") || mt_span_starts(name, "$"))
        return MT_ORIGIN_APP;
    if (is_of_jdk(name))
        return MT_ORIGIN_STD;
    if (!package.size || mt_span_find(name, "._Cfunc_") != MT_NPOS ||
        mt_span_find(name, "_cgoexp_") != MT_NPOS)
        return MT_ORIGIN_CGO;
    if (mt_span_is(package, "main"))
        return MT_ORIGIN_APP;
    if (is_runtime(package))
        return MT_ORIGIN_RUNTIME;
    bool vendored =
        mt_span_find(package, "vendor/") != MT_NPOS || mt_span_find(file, "/vendor/") != MT_NPOS;
    for (size_t i = 0; i < s->n_app && !vendored; i++)
        if (is_under(package, s->app[i]))
            return MT_ORIGIN_APP;
    if (mt_symbol_package_is_std(package))
        return MT_ORIGIN_STD;
    return has_dot(package) || vendored ? MT_ORIGIN_DEP : MT_ORIGIN_APP;
}

/* --- the service's own prefix --- */

struct candidate {
    struct mt_span prefix;
    size_t votes;
};

struct poll {
    struct candidate items[MOST_CANDIDATES];
    size_t n;
};

static void vote(struct poll *p, struct mt_span prefix)
{
    if (!prefix.size)
        return;
    size_t i = 0;
    while (i < p->n && !mt_span_equal(p->items[i].prefix, prefix))
        i++;
    if (i == MOST_CANDIDATES)
        return;
    if (i == p->n)
        p->items[p->n++].prefix = prefix;
    p->items[i].votes++;
}

static struct mt_span winner(const struct poll *p)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < p->n; i++)
        if (!best || p->items[i].votes > best->votes ||
            (p->items[i].votes == best->votes &&
             mt_span_compare(p->items[i].prefix, best->prefix) < 0))
            best = &p->items[i];
    return best ? best->prefix : (struct mt_span){0};
}

/* The module a package path most likely belongs to: before "cmd", else host and two more, or the
 * first element where no host stands in front. */
static struct mt_span module_guess(struct mt_span package)
{
    size_t at = mt_span_find(package, "/cmd");
    if (at != MT_NPOS && at && (at + 4 == package.size || package.data[at + 4] == '/'))
        return mt_span_sub(package, 0, at);
    size_t elements = has_dot(package) ? 3 : 1, i = 0;
    for (; i < package.size; i++)
        if (package.data[i] == '/' && --elements == 0)
            break;
    return mt_span_sub(package, 0, i);
}

static struct mt_span folder_of(struct mt_span file)
{
    size_t slash = mt_span_find_last_byte(file, '/');
    return mt_span_sub(file, 0, slash == MT_NPOS ? 0 : slash);
}

/* Bytes that both paths share at their ends, in whole elements, with the slash in front. */
static size_t common_end(struct mt_span a, struct mt_span b)
{
    size_t n = 0, whole = 0;
    while (n < a.size && n < b.size && a.data[a.size - 1 - n] == b.data[b.size - 1 - n]) {
        n++;
        if (a.data[a.size - n] == '/')
            whole = n;
    }
    bool ends_a = n == a.size && (n == b.size || b.data[b.size - 1 - n] == '/');
    bool ends_b = n == b.size && (n == a.size || a.data[a.size - 1 - n] == '/');
    return ends_a || ends_b ? n : whole;
}

/* Where a function of that package lies tells how folders map to package paths; where main.main
 * lies then tells the main module. */
static void vote_by_files(const struct mt_symbols *s, struct poll *p, struct mt_span main_folder)
{
    const struct mt_strings *t = s->bundle->strings;
    for (uint32_t id = 1; id < s->n; id++) {
        if (!s->marks[id] || !s->file[id])
            continue;
        struct mt_span package = mt_symbol_package_of(mt_string(t, id));
        struct mt_span folder = folder_of(mt_string(t, s->file[id]));
        if (!package.size || mt_span_is(package, "main") || mt_symbol_package_is_std(package) ||
            mt_span_find_byte(folder, '@') != MT_NPOS)
            continue;
        size_t n = common_end(folder, package);
        if (!n)
            continue;
        struct mt_span root = mt_span_sub(folder, 0, folder.size - n);
        struct mt_span module = mt_span_sub(package, 0, package.size - n);
        while (root.size && root.data[root.size - 1] == '/')
            root.size--;
        if (!is_under(main_folder, root))
            continue;
        struct mt_span main_path = mt_span_from(main_folder, root.size);
        while (main_path.size && main_path.data[0] == '/' && !module.size)
            main_path = mt_span_from(main_path, 1);
        vote(p, module.size ? module : module_guess(main_path));
    }
}

static void vote_by_names(const struct mt_symbols *s, struct poll *p, bool dotted)
{
    static const char *const shared[] = {"golang.org/x/", "google.golang.org/", "gopkg.in/",
                                         "github.com/prometheus/client_golang"};
    for (uint32_t id = 1; id < s->n; id++) {
        if (!s->marks[id])
            continue;
        struct mt_span package = mt_symbol_package_of(mt_string(s->bundle->strings, id));
        bool skip = !package.size || mt_span_is(package, "main") ||
                    mt_symbol_package_is_std(package) || has_dot(package) != dotted;
        for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
            skip = skip || mt_span_starts(package, shared[i]);
        if (!skip)
            vote(p, module_guess(package));
    }
}

static void take_app(struct mt_symbols *s, struct mt_span prefix, const char *source)
{
    if (!prefix.size || s->n_app)
        return;
    s->app = MT_NEW(s->arena, struct mt_span);
    s->app[0] = mt_span_of(mt_arena_copy(s->arena, prefix.data, prefix.size));
    s->n_app = 1;
    s->app_source = source;
}

void mt_symbols_find_app(struct mt_symbols *s)
{
    take_app(s, mt_string(s->bundle->strings, s->bundle->manifest.module), "manifest");
    struct poll polls[3] = {0};
    for (uint32_t id = 1; id < s->n && !s->n_app; id++)
        if (s->marks[id] && s->file[id] &&
            mt_span_is(mt_string(s->bundle->strings, id), "main.main"))
            vote_by_files(s, &polls[0], folder_of(mt_string(s->bundle->strings, s->file[id])));
    take_app(s, winner(&polls[0]), "main package");
    if (!s->n_app)
        vote_by_names(s, &polls[1], false);
    take_app(s, winner(&polls[1]), "commonest prefix");
    if (!s->n_app)
        vote_by_names(s, &polls[2], true);
    take_app(s, winner(&polls[2]), "commonest prefix");
}
