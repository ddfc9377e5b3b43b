/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/java.h"

#include "parsers/base/pattern.h"

struct forms {
    struct mt_pattern *location, *file_line, *path;
};

static struct mt_span last_part(struct mt_span path)
{
    while (path.size > 1 && mt_span_ends(path, "/"))
        path.size--;
    size_t slash = mt_span_find_last_byte(path, '/');
    return slash == MT_NPOS || path.size == 1 ? path : mt_span_from(path, slash + 1);
}

/* "function (File.java:12)", "function (/lib/libjvm.so)", or a state such as "GC". */
static void take_apart(const struct forms *f, struct mt_span text, struct mt_span *function,
                       struct mt_span *file, int64_t *line)
{
    struct mt_span g[4];
    *file = (struct mt_span){0};
    *line = 0;
    if (mt_pattern_groups(f->file_line, text, g, 4)) {
        *function = g[1];
        *file = g[2];
        if (!mt_span_i64(g[3], line) || *line < 0)
            *line = 0;
    } else if (mt_pattern_groups(f->path, text, g, 3)) {
        *function = g[1];
        *file = g[2].size ? last_part(g[2]) : MT_SPAN(".");
    } else if (mt_span_find(text, "generated stub/JIT") != MT_NPOS) {
        *function = MT_SPAN("STUB");
    } else {
        *function = text;
    }
}

static bool read_location(struct mt_stacks *b, struct mt_profile_text *t, const struct forms *f,
                          struct mt_map64 *by_name)
{
    struct mt_span g[3], name, file;
    uint64_t address;
    int64_t line;
    if (!mt_pattern_groups(f->location, mt_span_trim(t->line), g, 3))
        return true;
    if (!mt_span_take_hex(&g[1], &address) || g[1].size)
        return mt_profile_text_fail(t, "an address does not fit in 64 bit");
    uint32_t location = mt_map64_get(&b->by_address, address);
    if (!location)
        return true;
    take_apart(f, g[2], &name, &file, &line);
    /* A function's file is that of its first location. */
    uint32_t *function = mt_map64_at(by_name, mt_intern(b->out->strings, name));
    if (!*function)
        *function = mt_stacks_function(b, name, file) + 1;
    mt_stacks_symbolise(b, location - 1, *function - 1, line);
    return true;
}

bool mt_java_locations(struct mt_stacks *b, struct mt_profile_text *t)
{
    struct forms f = {
        mt_pattern_compile(MT_SPAN("^\\s*0x([[:xdigit:]]+)\\s+(.*)\\s*$"), NULL),
        mt_pattern_compile(MT_SPAN("^(.*)\\s+\\((.+):(-?[[:digit:]]+)\\)$"), NULL),
        mt_pattern_compile(MT_SPAN("^(.*)\\s+\\((.*)\\)$"), NULL),
    };
    struct mt_map64 by_name = {.arena = &b->scratch};
    bool good = true;
    while (good && mt_profile_text_next(t))
        good = read_location(b, t, &f, &by_name);
    mt_pattern_free(f.location);
    mt_pattern_free(f.file_line);
    mt_pattern_free(f.path);
    mt_stacks_no_memory_map(b);
    mt_stacks_finish(b);
    return good;
}
