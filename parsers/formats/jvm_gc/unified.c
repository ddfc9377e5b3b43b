/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jvm_gc/unified.h"

#include "parsers/formats/jvm_gc/zgc.h"

enum { DECORATION = 64, LATE_NUMBERS = 16 };

/* Numbers of ms and ns above these count from 1970, below from the start of the process. */
static const int64_t EPOCH_MS = 1000000000000, EPOCH_NS = 1000000000000000000;
static const uint64_t MOST_REGIONS = 1ull << 32;

static void take_clock(struct mt_span inside, struct mt_jvm_times *times)
{
    struct mt_span rest = inside;
    int64_t value;
    bool zone_known;
    if (mt_span_find_byte(inside, ':') != MT_NPOS && mt_time_take(&rest, &value, &zone_known) &&
        !rest.size && value >= 0) {
        times->time_ns = value;
        times->zone_unknown = !zone_known;
        return;
    }
    rest = inside;
    if (mt_jvm_take_decimal(&rest, 9, &value) && mt_span_is(rest, "s")) {
        times->since_ns = value;
        return;
    }
    rest = inside;
    if (!mt_jvm_take_decimal(&rest, 0, &value))
        return;
    if (mt_span_is(rest, "ms")) {
        if (value >= EPOCH_MS && value < INT64_MAX / 1000000)
            times->time_ns = value * 1000000;
        else if (value < EPOCH_MS)
            times->since_ns = value * 1000000;
    } else if (mt_span_is(rest, "ns")) {
        *(value >= EPOCH_NS ? &times->time_ns : &times->since_ns) = value;
    }
}

/* Takes one "[...]" off the front; what is inside. */
static bool take_decoration(struct mt_span *line, struct mt_span *inside)
{
    if (!mt_span_starts(*line, "["))
        return false;
    size_t close = mt_span_find_byte(mt_span_sub(*line, 0, DECORATION), ']');
    if (close == MT_NPOS)
        return false;
    *inside = mt_span_sub(*line, 1, close - 1);
    *line = mt_span_from(*line, close + 1);
    return true;
}

struct mt_span mt_jvm_undecorate(struct mt_span line)
{
    struct mt_span inside;
    while (take_decoration(&line, &inside))
        continue;
    return mt_span_trim(line);
}

static struct mt_jvm_times times_of(struct mt_span line, const struct mt_jvm_times *wrapper)
{
    struct mt_jvm_times times = *wrapper;
    struct mt_span inside;
    while (take_decoration(&line, &inside))
        if (inside.size && inside.data[0] >= '0' && inside.data[0] <= '9')
            take_clock(mt_span_trim(inside), &times);
    return times;
}

/* As mt_span_take, made for tables of names most of which differ in the first letter. */
static bool takes_name(struct mt_span *text, const char *name)
{
    return text->size && (char)text->data[0] == name[0] && mt_span_take(text, name);
}

/* "Using G1" and the like. */
static const char *collector_of(struct mt_span text)
{
    static const struct {
        const char *says, *name;
    } names[] = {{"Using G1", "G1"},
                 {"Using Parallel", "Parallel"},
                 {"Using Serial", "Serial"},
                 {"Using The Z Garbage Collector", "ZGC"},
                 {"Using Shenandoah", "Shenandoah"},
                 {"Using Concurrent Mark Sweep", "CMS"},
                 {"Using Epsilon", "Epsilon"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_span_is(text, names[i].says))
            return names[i].name;
    return NULL;
}

static bool take_number(struct mt_span *text, uint64_t *number)
{
    struct mt_span rest = *text;
    if (!mt_span_take(&rest, "GC(") || !mt_span_take_u64(&rest, number) ||
        !mt_span_take(&rest, ") "))
        return false;
    *text = rest;
    return true;
}

bool mt_jvm_is_unified(struct mt_span text)
{
    uint64_t number;
    return take_number(&text, &number) || collector_of(text);
}

/* G1 says how large a region is only in its banner, which a rotated log lacks. Regions are a power
 * of two, and all of them hold at least what the heap holds. */
static void guess_region(struct mt_jvm_unified *u, const struct mt_jvm_open *open)
{
    enum { LEAST = 1 << 20, MOST = 512 << 20 };
    uint64_t before = open->regions.young[0] + open->regions.old[0];
    uint64_t after = open->regions.young[1] + open->regions.old[1];
    const struct mt_gc_cycle *c = &open->cycle;
    if (u->region_bytes || c->heap_start_bytes == MT_NO_BYTES || !before || !after)
        return;
    uint64_t size = LEAST;
    while (size < MOST &&
           (before * size < c->heap_start_bytes || after * size < c->heap_live_bytes))
        size *= 2;
    u->region_bytes = size;
}

static void use_regions(struct mt_jvm_unified *u, struct mt_jvm_open *open)
{
    struct mt_gc_cycle *c = &open->cycle;
    guess_region(u, open);
    uint64_t size = u->region_bytes;
    if (!size)
        return;
    c->young_before_bytes = open->regions.young[0] * size;
    c->young_after_bytes = open->regions.young[1] * size;
}

static void add(struct mt_jvm_unified *u, struct mt_jvm_open *open)
{
    struct mt_gc_cycle *c = &open->cycle;
    open->used = false;
    if (c->heap_live_bytes == MT_NO_BYTES && c->pause_ns == 0)
        return; /* only the beginning of a collection stands in the log */
    if (open->regions.known)
        use_regions(u, open);
    bool one_generation =
        u->log->collector && (mt_span_is(mt_span_of(u->log->collector), "ZGC") ||
                              mt_span_is(mt_span_of(u->log->collector), "Shenandoah"));
    mt_gc_cycle_derive(c, one_generation);
    mt_jvm_log_add(u->log, c, open->zone_unknown);
}

static bool is_shenandoah(const struct mt_jvm_unified *u)
{
    return u->log->collector && mt_span_is(mt_span_of(u->log->collector), "Shenandoah");
}

/* Collections of Shenandoah have no summing line: the next one's first line ends them. */
static void add_finished(struct mt_jvm_unified *u)
{
    for (size_t i = 0; i < MT_JVM_OPEN; i++)
        if (u->open[i].used && !u->open[i].old_marking && is_shenandoah(u))
            add(u, &u->open[i]);
}

static struct mt_jvm_open *free_slot(struct mt_jvm_unified *u)
{
    struct mt_jvm_open *oldest = &u->open[0];
    for (size_t i = 0; i < MT_JVM_OPEN; i++) {
        if (!u->open[i].used)
            return &u->open[i];
        if (u->open[i].opened < oldest->opened)
            oldest = &u->open[i];
    }
    add(u, oldest);
    return oldest;
}

static void restart(struct mt_jvm_unified *u)
{
    mt_jvm_unified_end(u);
    mt_jvm_log_restart(u->log);
    u->highest = 0;
    u->any = false;
    u->region_bytes = 0;
}

static struct mt_jvm_open *open_of(struct mt_jvm_unified *u, uint64_t number)
{
    for (size_t i = 0; i < MT_JVM_OPEN; i++)
        if (u->open[i].used && u->open[i].cycle.number == number)
            return &u->open[i];
    if (u->any && number < u->highest && u->highest - number > LATE_NUMBERS)
        restart(u);
    add_finished(u);
    struct mt_jvm_open *open = free_slot(u);
    *open = (struct mt_jvm_open){.used = true, .opened = u->opened++};
    mt_jvm_cycle_init(&open->cycle);
    open->cycle.number = number;
    if (!u->any || number > u->highest)
        u->highest = number;
    u->any = true;
    return open;
}

static void begin_at(struct mt_jvm_open *open, const struct mt_jvm_times *times, int64_t later_ns)
{
    if (open->has_start)
        return;
    mt_jvm_cycle_start(&open->cycle, times, later_ns);
    open->zone_unknown = times->zone_unknown;
    open->has_start = true;
}

static int64_t elapsed(const struct mt_gc_cycle *c, const struct mt_jvm_times *end)
{
    int64_t ns = 0;
    if (end->since_ns != MT_NO_TIME && c->since_start_ns != MT_NO_TIME)
        ns = end->since_ns - c->since_start_ns;
    else if (end->time_ns != MT_NO_TIME && c->time_ns != MT_NO_TIME)
        ns = end->time_ns - c->time_ns;
    return ns > 0 ? ns : 0;
}

static void take_kind(struct mt_jvm_open *open, struct mt_span title, enum mt_gc_kind otherwise)
{
    if (open->has_kind)
        return;
    open->has_kind = true;
    open->cycle.kind = otherwise;
    if (mt_span_find(title, "(Mixed)") != MT_NPOS || mt_span_starts(title, "Pause Mixed"))
        open->cycle.kind = MT_GC_MIXED;
    else if (mt_span_find(title, "(Young)") != MT_NPOS)
        open->cycle.kind = MT_GC_YOUNG;
    else if (mt_span_find(title, "(Old)") != MT_NPOS)
        open->old_marking = true;
    else
        open->has_kind = otherwise != MT_GC_CONCURRENT;
}

/* Whether the pause is the whole collection. JDK 9 and 10 called G1's young pauses that start
 * marking "Pause Initial Mark (cause)"; CMS has one without a cause. */
static bool is_whole(struct mt_span title)
{
    return mt_span_starts(title, "Pause Young") || mt_span_starts(title, "Pause Full") ||
           mt_span_starts(title, "Pause Mixed") || mt_span_starts(title, "Pause Initial Mark (");
}

static void take_cause(struct mt_jvm_unified *u, struct mt_jvm_open *open, struct mt_span title)
{
    struct mt_span cause = mt_jvm_last_brackets(title);
    if (cause.size)
        open->cycle.cause = mt_intern(u->log->out->strings, cause);
}

static void pause_line(struct mt_jvm_unified *u, struct mt_jvm_open *open, struct mt_span text,
                       const struct mt_jvm_times *times)
{
    struct mt_span title;
    int64_t ns;
    if (!mt_jvm_ends_in_duration(text, &title, &ns)) {
        begin_at(open, times, 0);
        return;
    }
    struct mt_jvm_change change;
    size_t at;
    if (mt_jvm_find_change(title, &change, &at)) {
        title = mt_span_trim(mt_span_sub(title, 0, at));
        mt_jvm_cycle_heap(&open->cycle, &change);
    }
    begin_at(open, times, ns);
    open->cycle.pause_ns = mt_jvm_add_ns(open->cycle.pause_ns, ns);
    if (!is_whole(title)) {
        take_kind(open, title, MT_GC_CONCURRENT);
        return;
    }
    open->has_kind = false;
    take_kind(open, title, mt_span_starts(title, "Pause Full") ? MT_GC_FULL : MT_GC_YOUNG);
    take_cause(u, open, title);
    open->cycle.duration_ns = ns;
    add(u, open);
}

/* The line that says how long the whole concurrent collection took. */
static bool ends_concurrent(struct mt_span title)
{
    return mt_span_is(title, "Concurrent Mark Cycle") || mt_span_is(title, "Concurrent Cycle") ||
           mt_span_is(title, "Concurrent Undo Cycle") || mt_span_is(title, "Concurrent Reset");
}

static void concurrent_line(struct mt_jvm_unified *u, struct mt_jvm_open *open, struct mt_span text,
                            const struct mt_jvm_times *times)
{
    struct mt_span title;
    int64_t ns;
    if (!mt_jvm_ends_in_duration(text, &title, &ns)) {
        begin_at(open, times, 0);
        take_kind(open, text, MT_GC_CONCURRENT);
        return;
    }
    struct mt_jvm_change change;
    size_t at;
    if (mt_jvm_find_change(title, &change, &at)) {
        title = mt_span_trim(mt_span_sub(title, 0, at));
        mt_jvm_cycle_heap(&open->cycle, &change);
    }
    begin_at(open, times, ns);
    take_kind(open, title, MT_GC_CONCURRENT);
    open->cycle.duration_ns = elapsed(&open->cycle, times);
    if (ends_concurrent(title))
        add(u, open);
}

/* "Garbage Collection (Warmup) 10M(10%)->34M(35%)", "Minor Collection (Allocation Rate) ... 0.070s"
 */
static bool collection(struct mt_jvm_unified *u, struct mt_jvm_open *open, struct mt_span text,
                       const struct mt_jvm_times *times)
{
    bool minor = mt_span_starts(text, "Minor Collection (");
    if (!minor && !mt_span_starts(text, "Major Collection (") &&
        !mt_span_starts(text, "Garbage Collection ("))
        return false;
    mt_jvm_log_collector(u->log, "ZGC");
    open->has_kind = true;
    open->cycle.kind = minor ? MT_GC_YOUNG : MT_GC_CONCURRENT;
    struct mt_jvm_change change;
    size_t at;
    if (!mt_jvm_find_change(text, &change, &at)) {
        begin_at(open, times, 0);
        take_cause(u, open, text);
        return true;
    }
    take_cause(u, open, mt_span_trim(mt_span_sub(text, 0, at)));
    struct mt_gc_cycle *c = &open->cycle;
    c->heap_start_bytes = change.before;
    c->heap_live_bytes = change.after;
    struct mt_span before;
    int64_t ns;
    if (!mt_jvm_ends_in_duration(text, &before, &ns))
        ns = elapsed(c, times);
    begin_at(open, times, ns);
    c->duration_ns = ns;
    add(u, open);
    return true;
}

/* "Eden regions: 6->0(2)", "Old regions: 0->4" ... */
static bool regions(struct mt_jvm_open *open, struct mt_span text)
{
    static const struct {
        const char *name;
        bool young;
    } names[] = {{"Eden regions: ", true},
                 {"Survivor regions: ", true},
                 {"Old regions: ", false},
                 {"Archive regions: ", false},
                 {"Humongous regions: ", false}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint64_t n[2];
        if (!takes_name(&text, names[i].name))
            continue;
        if (mt_span_take_u64(&text, &n[0]) && mt_span_take(&text, "->") &&
            mt_span_take_u64(&text, &n[1]) && n[0] < MOST_REGIONS && n[1] < MOST_REGIONS) {
            open->regions.known = true;
            for (size_t k = 0; k < 2; k++) {
                uint64_t *to = names[i].young ? &open->regions.young[k] : &open->regions.old[k];
                *to = *to + n[k] < MOST_REGIONS ? *to + n[k] : MOST_REGIONS;
            }
        }
        return true;
    }
    return false;
}

/* "PSYoungGen: 16384K(18944K)->2544K(18944K) Eden: ...", "Tenured: ...", CMS "Old: ..." */
static bool generation(struct mt_jvm_unified *u, struct mt_jvm_open *open, struct mt_span text)
{
    static const struct {
        const char *name, *collector;
        bool young;
    } names[] = {{"PSYoungGen: ", "Parallel", true},
                 {"ParOldGen: ", "Parallel", false},
                 {"PSOldGen: ", "Parallel", false},
                 {"DefNew: ", "Serial", true},
                 {"Tenured: ", "Serial", false},
                 {"ParNew: ", "CMS", true},
                 {"CMS: ", "CMS", false},
                 {"Old: ", "CMS", false}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct mt_jvm_change change;
        if (!takes_name(&text, names[i].name))
            continue;
        mt_jvm_log_collector(u->log, names[i].collector);
        if (!mt_jvm_take_change(&text, &change))
            return true;
        struct mt_gc_cycle *c = &open->cycle;
        *(names[i].young ? &c->young_before_bytes : &c->old_before_bytes) = change.before;
        *(names[i].young ? &c->young_after_bytes : &c->old_after_bytes) = change.after;
        return true;
    }
    return false;
}

/* Generational Shenandoah: "At end of Concurrent Young GC: Old generation used: 8448K, ..." */
static void at_end(struct mt_jvm_open *open, struct mt_span text)
{
    static const char says[] = "generation used: ";
    size_t at = mt_span_find(text, says);
    if (at == MT_NPOS)
        return;
    bool young = mt_span_ends(mt_span_trim(mt_span_sub(text, 0, at)), "Young");
    struct mt_span s = mt_span_from(text, at + sizeof says - 1);
    uint64_t bytes;
    if (mt_jvm_take_size(&s, &bytes))
        *(young ? &open->cycle.young_after_bytes : &open->cycle.old_after_bytes) = bytes;
}

/* The generation that ZGC puts in front: 'y', 'Y' (of a major collection), 'O', or NUL. */
static char take_generation(struct mt_span *text)
{
    if (!mt_span_starts(*text, "y: ") && !mt_span_starts(*text, "Y: ") &&
        !mt_span_starts(*text, "O: "))
        return '\0';
    char generation = (char)text->data[0];
    *text = mt_span_trim(mt_span_from(*text, 3));
    return generation;
}

/* Lines whose time matters; the others are many. */
static bool timed_line(struct mt_jvm_unified *u, struct mt_jvm_open *open, struct mt_span text,
                       const struct mt_jvm_times *times)
{
    if (mt_span_starts(text, "Pause ")) {
        if (mt_span_starts(text, "Pause Init Mark"))
            mt_jvm_log_collector(u->log, "Shenandoah");
        pause_line(u, open, text, times);
        return true;
    }
    if (mt_span_starts(text, "Concurrent ")) {
        concurrent_line(u, open, text, times);
        return true;
    }
    return collection(u, open, text, times);
}

static void banner(struct mt_jvm_unified *u, struct mt_span text)
{
    const char *collector = collector_of(text);
    if (collector) {
        if (u->any)
            restart(u);
        mt_jvm_log_collector(u->log, collector);
        return;
    }
    uint64_t bytes;
    if ((mt_span_take(&text, "Heap Region Size: ") || mt_span_take(&text, "Heap region size: ")) &&
        mt_jvm_take_size(&text, &bytes) && bytes <= 1ull << 31)
        u->region_bytes = bytes;
}

static bool is_timed(struct mt_span text)
{
    static const char *const begins[] = {"Pause ", "Concurrent ", "Garbage Collection (",
                                         "Minor Collection (", "Major Collection ("};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (takes_name(&text, begins[i]))
            return true;
    return false;
}

bool mt_jvm_unified_line(struct mt_jvm_unified *u, struct mt_span line, struct mt_span text,
                         const struct mt_jvm_times *wrapper)
{
    uint64_t number;
    if (!take_number(&text, &number)) {
        banner(u, text);
        return false;
    }
    while (mt_span_take(&text, " ")) /* its end is trimmed already */
        continue;
    char of = take_generation(&text);
    if (is_timed(text)) {
        struct mt_jvm_times times = times_of(line, wrapper);
        if (mt_jvm_log_note_time(u->log, &times)) {
            struct mt_jvm_times now = u->log->last;
            restart(u);
            u->log->last = now;
        }
        timed_line(u, open_of(u, number), text, &times);
        return true;
    }
    struct mt_jvm_open *open = open_of(u, number);
    if (mt_span_starts(text, "At end of "))
        at_end(open, text);
    else if (regions(open, text))
        mt_jvm_log_collector(u->log, "G1");
    else if (!generation(u, open, text))
        mt_jvm_zgc_row(&open->cycle, &open->section, of, text);
    return true;
}

void mt_jvm_unified_end(struct mt_jvm_unified *u)
{
    for (size_t n = 0; n < MT_JVM_OPEN; n++) {
        struct mt_jvm_open *oldest = NULL;
        for (size_t i = 0; i < MT_JVM_OPEN; i++)
            if (u->open[i].used && (!oldest || u->open[i].opened < oldest->opened))
                oldest = &u->open[i];
        if (oldest)
            add(u, oldest);
    }
}
