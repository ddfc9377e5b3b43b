/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory files of a control group, read again and again, version 2 or 1:
 *
 *     2026-11-22T19:04:21Z
 *     memory.current:39845888       or "==> memory.current <==" above the number, or the number
 * alone anon 29360128 file 4096000
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/block.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/reader.h"

#include <string.h>

enum { SNIFF_FIGURES = 3, MOST_GROUP_NAME = 200 };

enum figure {
    FIGURE_CURRENT,
    FIGURE_LIMIT,
    FIGURE_ANON,
    FIGURE_FILE,
    FIGURE_LIMIT_V1, /* in memory.stat of version 1, beside its own file */
    FIGURES,
    FIGURE_OOM_KILL,
    FIGURE_OTHER, /* known, not kept */
    FIGURE_NONE
};

static const enum mt_metric metrics[FIGURES] = {
    MT_M_CGROUP_CURRENT, MT_M_CGROUP_LIMIT, MT_M_CGROUP_ANON, MT_M_CGROUP_FILE, MT_M_CGROUP_LIMIT};

struct name {
    const char *text;
    enum figure figure;
};

/* Of a whole file with one number in it. */
static const struct name files[] = {
    {"memory.current", FIGURE_CURRENT},
    {"memory.max", FIGURE_LIMIT},
    {"memory.usage_in_bytes", FIGURE_CURRENT},
    {"memory.limit_in_bytes", FIGURE_LIMIT},
    {"memory.peak", FIGURE_OTHER},
    {"memory.high", FIGURE_OTHER},
    {"memory.low", FIGURE_OTHER},
    {"memory.min", FIGURE_OTHER},
    {"memory.max_usage_in_bytes", FIGURE_OTHER},
    {"memory.swap.current", FIGURE_OTHER},
    {"memory.swap.max", FIGURE_OTHER},
    {"pids.current", FIGURE_OTHER},
    {NULL, FIGURE_NONE},
};

/* Lines of memory.stat and memory.events. */
static const struct name stats[] = {
    {"anon", FIGURE_ANON},
    {"file", FIGURE_FILE},
    {"rss", FIGURE_ANON}, /* version 1 */
    {"cache", FIGURE_FILE},
    {"hierarchical_memory_limit", FIGURE_LIMIT_V1},
    {"oom_kill", FIGURE_OOM_KILL},
    {"kernel", FIGURE_OTHER},
    {"kernel_stack", FIGURE_OTHER},
    {"pagetables", FIGURE_OTHER},
    {"shmem", FIGURE_OTHER},
    {"file_mapped", FIGURE_OTHER},
    {"file_dirty", FIGURE_OTHER},
    {"inactive_anon", FIGURE_OTHER},
    {"active_anon", FIGURE_OTHER},
    {"inactive_file", FIGURE_OTHER},
    {"active_file", FIGURE_OTHER},
    {"slab", FIGURE_OTHER},
    {"pgfault", FIGURE_OTHER},
    {"pgmajfault", FIGURE_OTHER},
    {"rss_huge", FIGURE_OTHER},
    {"mapped_file", FIGURE_OTHER},
    {"total_rss", FIGURE_OTHER},
    {"total_cache", FIGURE_OTHER},
    {NULL, FIGURE_NONE},
};

static enum figure find(const struct name *names, struct mt_span text)
{
    for (; names->text; names++)
        if (mt_span_is(text, names->text))
            return names->figure;
    return FIGURE_NONE;
}

static struct mt_span base_name(struct mt_span path)
{
    size_t slash = mt_span_find_last_byte(path, '/');
    return slash == MT_NPOS ? path : mt_span_from(path, slash + 1);
}

/* "/sys/fs/cgroup/memory/shop/memory.stat": "shop". */
static struct mt_span group_of(struct mt_span path)
{
    size_t slash = mt_span_find_last_byte(path, '/');
    struct mt_span group = mt_span_sub(path, 0, slash == MT_NPOS ? 0 : slash);
    if (mt_span_take(&group, "/sys/fs/cgroup") && !mt_span_take(&group, "/memory/"))
        mt_span_take(&group, mt_span_is(group, "/memory") ? "/memory" : "/");
    return mt_span_from(group, group.size > MOST_GROUP_NAME ? group.size - MOST_GROUP_NAME : 0);
}

struct line { /* one figure */
    enum figure figure;
    struct mt_span value;
    struct mt_span path; /* of the file it is from, where grep printed one */
};

/* "anon 4096", "memory.current:4096", "/sys/fs/cgroup/x/memory.stat:anon 4096". */
static bool take_line(struct mt_span text, struct line *l)
{
    text = mt_span_trim(text);
    size_t colon = mt_span_find_byte(text, ':');
    l->path = (struct mt_span){0};
    if (colon != MT_NPOS) {
        l->path = mt_span_sub(text, 0, colon);
        struct mt_span file = base_name(l->path);
        text = mt_span_trim(mt_span_from(text, colon + 1));
        l->figure = find(files, file);
        l->value = text;
        if (l->figure != FIGURE_NONE)
            return true;
        if (!mt_span_is(file, "memory.stat") && !mt_span_is(file, "memory.events"))
            return false;
    }
    struct mt_span name;
    if (!mt_span_word(&text, &name))
        return false;
    l->value = mt_span_trim(text);
    l->figure = find(stats, name);
    if (l->figure == FIGURE_NONE)
        l->figure = find(files, base_name(name)); /* "memory.current 4096" */
    uint64_t number;
    return l->figure != FIGURE_NONE && mt_span_u64(l->value, &number);
}

/* "==> /sys/fs/cgroup/memory.current <==", as head and tail print it. */
static bool take_banner(struct mt_span text, struct mt_span *path, enum figure *next)
{
    if (!mt_span_take(&text, "==> ") || !mt_span_word(&text, path))
        return false;
    *next = find(files, base_name(*path));
    return true;
}

struct log {
    struct mt_block block;
    enum figure next; /* what a bare number under a banner is; NONE: it is told by its order */
    uint64_t oom_kills, oom_kills_before; /* the most, and what the first record has */
    bool oom_kills_known;
    unsigned char group_bytes[MOST_GROUP_NAME];
    size_t group_size; /* the name of the group at hand; 0: none was given */
};

static void use_group(struct log *l, struct mt_span path)
{
    struct mt_span group = group_of(path);
    if (!path.size || mt_span_equal(group, (struct mt_span){l->group_bytes, l->group_size}))
        return;
    mt_block_end(&l->block, true);
    if (group.size)
        memcpy(l->group_bytes, group.data, group.size);
    l->group_size = group.size;
    l->block.r.origin = (struct mt_span){l->group_bytes, group.size};
}

static void set(struct log *l, enum figure figure, struct mt_span value)
{
    uint64_t number;
    if (figure >= FIGURES && figure != FIGURE_OOM_KILL)
        return;
    if (figure == FIGURE_LIMIT && mt_span_is(value, "max"))
        return;
    if (!mt_span_u64(value, &number)) {
        l->block.r.out->skipped++;
    } else if (figure == FIGURE_OOM_KILL) {
        if (!l->oom_kills_known)
            l->oom_kills_before = number;
        l->oom_kills_known = true;
        l->oom_kills = number > l->oom_kills ? number : l->oom_kills;
    } else {
        mt_block_figure(&l->block, figure);
        if (!mt_recorder_has(&l->block.r, metrics[figure]))
            mt_recorder_set(&l->block.r, metrics[figure], (double)number);
    }
}

/* Under a time the first number is the usage and the next the limit, as cat memory.current
 * memory.max prints them; where the usage is at its limit they are the same. What more stands
 * there, or is smaller (swap, in a cat of all files), nobody can tell. */
static enum figure figure_of_bare(const struct log *l, double number)
{
    const struct mt_recorder *r = &l->block.r;
    if (l->block.time_ns == MT_NO_TIME || !mt_recorder_has(r, MT_M_CGROUP_CURRENT))
        return FIGURE_CURRENT;
    bool limit = r->n_set == 1 && number >= r->values[MT_M_CGROUP_CURRENT];
    return limit ? FIGURE_LIMIT : FIGURE_OTHER;
}

static void use_line(struct log *l, struct mt_span text)
{
    struct line line;
    struct mt_span path;
    uint64_t number;
    l->block.r.origin = (struct mt_span){l->group_bytes, l->group_size};
    if (take_banner(text, &path, &l->next)) {
        use_group(l, path);
        return;
    }
    if (mt_block_time(&l->block, text)) {
        l->next = FIGURE_NONE;
    } else if (mt_span_u64(mt_span_trim(text), &number)) {
        set(l, l->next != FIGURE_NONE ? l->next : figure_of_bare(l, (double)number),
            mt_span_trim(text));
        l->next = FIGURE_NONE;
    } else if (take_line(text, &line)) {
        use_group(l, line.path);
        set(l, line.figure, line.value);
    }
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct log *l = MT_NEW(out->arena, struct log);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    l->next = FIGURE_NONE;
    mt_block_begin(&l->block, out, "cgroup");
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        if (!line.unended)
            use_line(l, line.text);
    l->block.r.origin = (struct mt_span){l->group_bytes, l->group_size};
    mt_block_end(&l->block, false);
    mt_recorder_finish(&l->block.r);
    if (l->oom_kills)
        mt_capture_remark(out, true, "oom-kill",
                          "The kernel has killed processes of the control group for want of "
                          "memory: %llu since the group exists, %llu during this log",
                          (unsigned long long)l->oom_kills,
                          (unsigned long long)(l->oom_kills - l->oom_kills_before));
    return mt_cur_ok(in);
}

static enum mt_line_is look(struct mt_span line)
{
    struct line l;
    struct mt_span path;
    enum figure next;
    uint64_t number;
    if (take_line(line, &l) || (take_banner(line, &path, &next) && next != FIGURE_NONE))
        return MT_LINE_FIGURE;
    return mt_span_u64(mt_span_trim(line), &number) ? MT_LINE_NEUTRAL : MT_LINE_STRANGE;
}

static enum mt_match sniff(struct mt_span head)
{
    return mt_block_sniff(head, SNIFF_FIGURES, look);
}

const struct mt_reader mt_reader_cgroup = {
    .name = "cgroup",
    .kind = "container memory log",
    .summary =
        "memory.current, memory.max and memory.stat of a control group, read again and again",
    .example = "memory.current:39845888\nmemory.stat:anon 29360128",
    .how = "cd /sys/fs/cgroup; while sleep 1; do date -u; grep . memory.current memory.max "
           "memory.stat; done >cgroup.log",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
