/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders and arguments. What of a folder has to go is what a package path does not say anyway: of
 * /home/ann/src/shop/internal/cart/cart.go with package example.com/shop/internal/cart the common
 * end stays, so modules and vendored code are still told apart by their files.
 */
#include "parsers/model/redact.h"

enum { MOST_ROOTS = 256 };

static bool is_word(unsigned char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c >= 0x80;
}

static bool is_slash(unsigned char c)
{
    return c == '/' || c == '\\';
}

/* -- folders of files --------------------------------------------------------------------- */

struct roots {
    struct mt_strings *strings;
    uint32_t *owner; /* of each string that names a file: a function in it, UINT32_MAX a mapping */
    size_t n_owner;
    struct mt_span items[MOST_ROOTS];
    size_t n;
};

static bool is_absolute(struct mt_span file)
{
    return (file.size && file.data[0] == '/') ||
           (file.size > 2 && file.data[1] == ':' && is_slash(file.data[2]));
}

static struct mt_span folder_of(struct mt_span file)
{
    size_t at = file.size;
    while (at && !is_slash(file.data[at - 1]))
        at--;
    return mt_span_sub(file, 0, at ? at - 1 : 0);
}

/* "example.com/shop/cart" of "example.com/shop/cart.(*Registry).Attach[...]". */
static struct mt_span package_of(struct mt_span function)
{
    size_t end = 0, slash = 0;
    while (end < function.size && function.data[end] != '(' && function.data[end] != '[') {
        if (function.data[end] == '/')
            slash = end;
        end++;
    }
    size_t dot = mt_span_find_byte(mt_span_sub(function, slash, end - slash), '.');
    return dot == MT_NPOS ? (struct mt_span){0} : mt_span_sub(function, 0, slash + dot);
}

/* Bytes that both share at their ends, in whole elements. */
static size_t common_end(struct mt_span folder, struct mt_span package)
{
    size_t n = 0, whole = 0;
    while (n < folder.size && n < package.size &&
           folder.data[folder.size - 1 - n] == package.data[package.size - 1 - n]) {
        n++;
        bool edge = n == folder.size || folder.data[folder.size - 1 - n] == '/';
        if (edge && (n == package.size || package.data[package.size - 1 - n] == '/'))
            whole = n;
    }
    return whole;
}

static bool is_under(struct mt_span path, struct mt_span root)
{
    return path.size >= root.size && memcmp(path.data, root.data, root.size) == 0 &&
           (path.size == root.size || is_slash(path.data[root.size]));
}

static void add_root(struct roots *roots, struct mt_span root)
{
    while (root.size && is_slash(root.data[root.size - 1]))
        root.size--;
    if (!root.size || roots->n == MOST_ROOTS)
        return;
    for (size_t i = 0; i < roots->n; i++)
        if (mt_span_equal(roots->items[i], root))
            return;
    roots->items[roots->n++] = root;
}

static void learn_root(struct roots *roots, struct mt_span file, struct mt_span function)
{
    struct mt_span folder = folder_of(file), package = package_of(function);
    size_t module = mt_span_find(file, "/pkg/mod/");
    if (module != MT_NPOS) {
        add_root(roots, mt_span_sub(file, 0, module + 8));
        return;
    }
    size_t n = common_end(folder, package);
    if (n)
        add_root(roots, mt_span_sub(folder, 0, folder.size - n));
}

static void own(struct roots *roots, uint32_t file, uint32_t function)
{
    if (file && file < roots->n_owner && !roots->owner[file])
        roots->owner[file] = function ? function : UINT32_MAX;
}

static void own_all(struct roots *roots, const struct mt_capture *c)
{
    for (size_t i = 0; i < c->n_profiles; i++) {
        const struct mt_profile *p = &c->profiles[i];
        for (size_t k = 0; k < p->n_functions; k++)
            own(roots, p->functions[k].file, p->functions[k].name);
        for (size_t k = 0; k < p->n_mappings; k++)
            own(roots, p->mappings[k].file, 0);
    }
    for (size_t i = 0; i < c->n_dumps; i++) {
        const struct mt_goroutine_dump *d = &c->dumps[i];
        for (size_t k = 0; k < d->n_frames; k++)
            own(roots, d->frames[k].file, d->frames[k].function);
        for (size_t k = 0; k < d->n_goroutines; k++)
            own(roots, d->goroutines[k].created_by.file, d->goroutines[k].created_by.function);
    }
    for (size_t i = 0; c->trace && i < c->trace->n_sites; i++) {
        own(roots, c->trace->sites[i].creator_file, c->trace->sites[i].creator);
        own(roots, c->trace->sites[i].wait_file, c->trace->sites[i].wait_function);
    }
}

/* The longest known root above the file, or its own folder. */
static struct mt_span root_of(const struct roots *roots, struct mt_span file)
{
    struct mt_span best = {0};
    for (size_t i = 0; i < roots->n; i++)
        if (roots->items[i].size > best.size && is_under(file, roots->items[i]))
            best = roots->items[i];
    return best.size ? best : folder_of(file);
}

void mt_redact_files(struct mt_redaction *r, struct mt_strings *strings,
                     struct mt_capture *const *captures, size_t n)
{
    struct mt_arena scratch = {0};
    struct roots *roots = MT_NEW(&scratch, struct roots);
    roots->strings = strings;
    roots->n_owner = strings->count;
    roots->owner = MT_NEW_N(&scratch, uint32_t, strings->count);
    for (size_t i = 0; i < n; i++)
        own_all(roots, captures[i]);
    for (uint32_t id = 1; id < roots->n_owner; id++)
        if (roots->owner[id] && is_absolute(strings->items[id]))
            learn_root(roots, strings->items[id], mt_string(strings, roots->owner[id]));
    for (uint32_t id = 1; id < roots->n_owner; id++) {
        struct mt_span file = strings->items[id];
        if (!roots->owner[id] || !is_absolute(file))
            continue;
        struct mt_span root = root_of(roots, file);
        if (!root.size)
            continue;
        const char *mark = mt_redact_mark(r, MT_REDACTED_PATH, root);
        char *text = mt_arena_printf(r->arena, "%s%.*s", mark, (int)(file.size - root.size),
                                     (const char *)file.data + root.size);
        mt_strings_replace(strings, id, mt_span_of(text));
    }
    mt_arena_clear(&scratch);
}

/* -- home directories --------------------------------------------------------------------- */

bool mt_redact_find_home(struct mt_span text, size_t from, size_t *at, size_t *size)
{
    static const char *const parents[] = {"home", "Users", "root"};
    for (size_t i = from; i < text.size; i++) {
        if (!is_slash(text.data[i]))
            continue;
        bool drive = i > from + 1 && text.data[i - 1] == ':';
        if (i && !drive &&
            (is_word(text.data[i - 1]) || is_slash(text.data[i - 1]) || text.data[i - 1] == ']'))
            continue;
        for (size_t k = 0; k < 3; k++) {
            struct mt_span rest = mt_span_from(text, i + 1);
            if (!mt_span_take(&rest, parents[k]))
                continue;
            size_t end = text.size - rest.size, name = 0;
            if (k < 2) { /* the name behind it */
                while (name + 1 < rest.size && is_slash(rest.data[0]) &&
                       is_word(rest.data[name + 1]))
                    name++;
                end += name + 1;
            }
            if ((k < 2 && !name) || (end < text.size && is_word(text.data[end])))
                continue;
            *at = drive ? i - 2 : i;
            *size = end - *at;
            return true;
        }
    }
    return false;
}

/* -- arguments ---------------------------------------------------------------------------- */

static size_t value_end(struct mt_span t, size_t at)
{
    while (at < t.size && t.data[at] > ' ' && !memchr(",;&)}]\"'", t.data[at], 8))
        at++;
    return at;
}

/* name=value, 0xc000123456, "quoted". A quote at `from` closes what was found before. */
bool mt_redact_find_argument(struct mt_span text, size_t from, size_t *at, size_t *size)
{
    for (size_t i = from; i < text.size; i++) {
        unsigned char c = text.data[i];
        size_t begin = i, end = i;
        if (c == '=' && i && is_word(text.data[i - 1])) {
            begin = i + 1;
            end = value_end(text, begin);
        } else if ((c == '"' || c == '`') && (!from || i > from)) {
            size_t close = mt_span_find_byte(mt_span_from(text, i + 1), c);
            begin = i + 1;
            end = close == MT_NPOS ? text.size : begin + close;
        } else if (c == '0' && i + 2 < text.size && text.data[i + 1] == 'x' &&
                   (!i || !is_word(text.data[i - 1]))) {
            end = value_end(text, begin);
        }
        if (end > begin && !mt_span_starts(mt_span_from(text, begin), "[redacted:")) {
            *at = begin;
            *size = end - begin;
            return true;
        }
        if (end > begin)
            i = end;
    }
    return false;
}
