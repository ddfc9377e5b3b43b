/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/name.h"

enum { NAME_SIZE = 96 };

struct plain { /* letters and digits in lower case */
    unsigned char text[NAME_SIZE];
    size_t size;
};

struct alias {
    const char *text; /* plain form without unit */
    enum mt_metric metric;
    enum mt_name_strength strength;
    double scale; /* other than 1 where the text itself names a unit */
};

#define ALIAS(text, metric, strength)                                                              \
    {                                                                                              \
        (text), MT_M_##metric, MT_NAME_##strength, 1                                               \
    }

/* Behind an alias nothing but a unit of its metric may stand, so the order does not matter. */
static const struct alias aliases[] = {
    ALIAS("heapalloc", HEAP_ALLOC, STRONG),
    ALIAS("maxrss", RSS_PEAK, STRONG),
    ALIAS("heapallocated", HEAP_ALLOC, STRONG),
    ALIAS("alloc", HEAP_ALLOC, WEAK),
    ALIAS("memoryclassesheapobjects", HEAP_ALLOC, STRONG),
    ALIAS("heapsys", HEAP_SYS, STRONG),
    ALIAS("heapidle", HEAP_IDLE, STRONG),
    ALIAS("heapinuse", HEAP_INUSE, STRONG),
    ALIAS("heapreleased", HEAP_RELEASED, STRONG),
    ALIAS("memoryclassesheapreleased", HEAP_RELEASED, STRONG),
    ALIAS("heapobjects", HEAP_OBJECTS, STRONG),
    ALIAS("liveobjects", HEAP_OBJECTS, STRONG),
    ALIAS("gcheapobjectsobjects", HEAP_OBJECTS, STRONG),
    ALIAS("gcheaplive", HEAP_MARKED, STRONG),
    ALIAS("nextgc", NEXT_GC, STRONG),
    ALIAS("gcheapgoal", NEXT_GC, STRONG),
    ALIAS("sys", SYS, WEAK),
    ALIAS("memoryclassestotal", SYS, STRONG),
    ALIAS("stackinuse", STACK_INUSE, STRONG),
    ALIAS("stacksinuse", STACK_INUSE, STRONG),
    ALIAS("memoryclassesheapstacks", STACK_INUSE, STRONG),
    ALIAS("stacksys", STACK_SYS, STRONG),
    ALIAS("mspaninuse", MSPAN_INUSE, STRONG),
    ALIAS("memoryclassesmetadatamspaninuse", MSPAN_INUSE, STRONG),
    ALIAS("mspansys", MSPAN_SYS, STRONG),
    ALIAS("mcacheinuse", MCACHE_INUSE, STRONG),
    ALIAS("memoryclassesmetadatamcacheinuse", MCACHE_INUSE, STRONG),
    ALIAS("mcachesys", MCACHE_SYS, STRONG),
    ALIAS("buckhashsys", BUCK_HASH_SYS, STRONG),
    ALIAS("buckethashsys", BUCK_HASH_SYS, STRONG),
    ALIAS("memoryclassesprofilingbuckets", BUCK_HASH_SYS, STRONG),
    ALIAS("gcsys", GC_SYS, STRONG),
    ALIAS("memoryclassesmetadataother", GC_SYS, STRONG),
    ALIAS("othersys", OTHER_SYS, STRONG),
    ALIAS("memoryclassesother", OTHER_SYS, STRONG),
    ALIAS("totalalloc", TOTAL_ALLOC, STRONG),
    ALIAS("totalallocated", TOTAL_ALLOC, STRONG),
    ALIAS("alloctotal", TOTAL_ALLOC, STRONG),
    ALIAS("allocbytestotal", TOTAL_ALLOC, STRONG),
    ALIAS("gcheapallocsbytes", TOTAL_ALLOC, STRONG),
    ALIAS("gcheapallocsbytestotal", TOTAL_ALLOC, STRONG),
    ALIAS("mallocs", MALLOCS, STRONG),
    ALIAS("malloccount", MALLOCS, STRONG),
    ALIAS("gcheapallocsobjects", MALLOCS, STRONG),
    ALIAS("frees", FREES, WEAK),
    ALIAS("gcheapfreesobjects", FREES, STRONG),
    ALIAS("lookups", LOOKUPS, WEAK),
    ALIAS("numgc", NUM_GC, STRONG),
    ALIAS("gcnum", NUM_GC, STRONG),
    ALIAS("gccount", NUM_GC, STRONG),
    ALIAS("gcruns", NUM_GC, STRONG),
    ALIAS("gccycles", NUM_GC, STRONG),
    ALIAS("gcdurationsecondscount", NUM_GC, STRONG),
    ALIAS("gccyclestotalgccycles", NUM_GC, STRONG),
    ALIAS("numforcedgc", NUM_FORCED_GC, STRONG),
    ALIAS("gccyclesforcedgccycles", NUM_FORCED_GC, STRONG),
    ALIAS("pausetotal", PAUSE_TOTAL, STRONG),
    ALIAS("gcpausetotal", PAUSE_TOTAL, STRONG),
    ALIAS("totalpause", PAUSE_TOTAL, STRONG),
    {"gcdurationsecondssum", MT_M_PAUSE_TOTAL, MT_NAME_STRONG, 1e9},
    ALIAS("lastpause", LAST_PAUSE, STRONG),
    ALIAS("lastgcpause", LAST_PAUSE, STRONG),
    ALIAS("gclastpause", LAST_PAUSE, STRONG),
    ALIAS("gcpause", LAST_PAUSE, STRONG),
    ALIAS("pause", LAST_PAUSE, WEAK),
    ALIAS("lastgc", LAST_GC, STRONG),
    ALIAS("lastgctime", LAST_GC, STRONG),
    ALIAS("gccpufraction", GC_CPU_FRACTION, STRONG),
    ALIAS("gomemlimit", GOMEMLIMIT, SETTING),
    ALIAS("gcgomemlimit", GOMEMLIMIT, SETTING),
    ALIAS("gogc", GOGC, SETTING),
    ALIAS("gcgogc", GOGC, SETTING),
    ALIAS("gomaxprocs", GOMAXPROCS, SETTING),
    ALIAS("schedgomaxprocs", GOMAXPROCS, SETTING),
    ALIAS("schedgomaxprocsthreads", GOMAXPROCS, SETTING),
    ALIAS("goroutines", GOROUTINES, STRONG),
    ALIAS("goroutinecount", GOROUTINES, STRONG),
    ALIAS("numgoroutine", GOROUTINES, STRONG),
    ALIAS("numgoroutines", GOROUTINES, STRONG),
    ALIAS("schedgoroutinesgoroutines", GOROUTINES, STRONG),
    ALIAS("schedgoroutinesrunnablegoroutines", RUNNABLE, STRONG),
    ALIAS("threads", THREADS, WEAK),
    ALIAS("numthreads", THREADS, WEAK),
    ALIAS("numthread", THREADS, WEAK),
    ALIAS("osthreads", THREADS, WEAK),
    ALIAS("nlwp", THREADS, WEAK),
    ALIAS("cgocalls", CGO_CALLS, STRONG),
    ALIAS("numcgocall", CGO_CALLS, STRONG),
    ALIAS("numcgocalls", CGO_CALLS, STRONG),
    ALIAS("cgogotoccallscalls", CGO_CALLS, STRONG),
    ALIAS("openfds", OPEN_FDS, STRONG),
    ALIAS("numfds", OPEN_FDS, STRONG),
    ALIAS("fdcount", OPEN_FDS, STRONG),
    ALIAS("fds", OPEN_FDS, WEAK),
    ALIAS("nfds", OPEN_FDS, WEAK),
    ALIAS("openfiles", OPEN_FDS, WEAK),
    ALIAS("openfiledescriptors", OPEN_FDS, STRONG),
    ALIAS("maxfds", MAX_FDS, SETTING),
    ALIAS("rss", RSS, STRONG),
    ALIAS("resident", RSS, WEAK),
    ALIAS("vmrss", RSS, STRONG),
    ALIAS("residentmemory", RSS, STRONG),
    ALIAS("rssanon", RSS_ANON, STRONG),
    ALIAS("anonrss", RSS_ANON, STRONG),
    ALIAS("anon", RSS_ANON, WEAK),
    ALIAS("vsz", VIRTUAL, WEAK),
    ALIAS("vms", VIRTUAL, WEAK),
    ALIAS("vmsize", VIRTUAL, STRONG),
    ALIAS("virtualmemory", VIRTUAL, STRONG),
    ALIAS("cgroupcurrent", CGROUP_CURRENT, STRONG),
    ALIAS("cgroupmemory", CGROUP_CURRENT, STRONG),
    ALIAS("memorycurrent", CGROUP_CURRENT, STRONG),
    ALIAS("memoryusagein", CGROUP_CURRENT, STRONG),
    ALIAS("containermemoryusage", CGROUP_CURRENT, STRONG),
    ALIAS("cgroupanon", CGROUP_ANON, STRONG),
    ALIAS("containermemoryrss", CGROUP_ANON, STRONG),
    ALIAS("cgroupfile", CGROUP_FILE, STRONG),
    ALIAS("containermemorycache", CGROUP_FILE, STRONG),
    ALIAS("cgrouplimit", CGROUP_LIMIT, SETTING),
    ALIAS("memorymax", CGROUP_LIMIT, SETTING),
    ALIAS("memorylimitin", CGROUP_LIMIT, SETTING),
    ALIAS("containerspecmemorylimit", CGROUP_LIMIT, SETTING),
    ALIAS("cputime", CPU_SECONDS, WEAK),
    {"cpuseconds", MT_M_CPU_SECONDS, MT_NAME_STRONG, 1e9},
    {"cpusecondstotal", MT_M_CPU_SECONDS, MT_NAME_STRONG, 1e9},
    ALIAS("requeststotal", REQUESTS, SETTING),
    ALIAS("httprequeststotal", REQUESTS, SETTING),
    ALIAS("processstarttime", PROCESS_START, SETTING),
};

struct unit {
    const char *text;
    double scale;
};

static const struct unit byte_units[] = {
    {"b", 1},           {"byte", 1},           {"bytes", 1},   {"kb", 0x1p10},  {"kib", 0x1p10},
    {"kbytes", 0x1p10}, {"k", 0x1p10},         {"mb", 0x1p20}, {"mib", 0x1p20}, {"mbytes", 0x1p20},
    {"m", 0x1p20},      {"megabytes", 0x1p20}, {"gb", 0x1p30}, {"gib", 0x1p30}, {NULL, 0},
};
static const struct unit time_units[] = {
    {"ns", 1},        {"nanos", 1},          {"nanoseconds", 1},
    {"us", 1e3},      {"micros", 1e3},       {"microseconds", 1e3},
    {"ms", 1e6},      {"millis", 1e6},       {"milliseconds", 1e6},
    {"s", 1e9},       {"sec", 1e9},          {"secs", 1e9},
    {"seconds", 1e9}, {"secondstotal", 1e9}, {NULL, 0},
};
static const struct unit count_units[] = {
    {"count", 1}, {"total", 1}, {"num", 1}, {"percent", 1}, {NULL, 0}};
static const struct unit ratio_units[] = {
    {"ratio", 1}, {"percent", 0.01}, {"pct", 0.01}, {NULL, 0}};

static const struct unit *units_of(enum mt_unit unit)
{
    switch (unit) {
    case MT_BYTES:
        return byte_units;
    case MT_NS:
    case MT_UNIX_NS:
        return time_units;
    case MT_RATIO:
        return ratio_units;
    default:
        return count_units;
    }
}

static void add_plain(struct plain *p, struct mt_span s)
{
    for (size_t i = 0; i < s.size && p->size < NAME_SIZE; i++) {
        unsigned char c = s.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            p->text[p->size++] = c;
    }
}

/* Labels go, a unit in brackets stays. A name that is too long to be one of ours comes out empty.
 */
static struct plain plain_of(struct mt_span name)
{
    struct plain p = {.size = 0};
    size_t brace = mt_span_find_byte(name, '{');
    if (brace != MT_NPOS)
        name = mt_span_sub(name, 0, brace);
    add_plain(&p, name);
    if (p.size == NAME_SIZE)
        p.size = 0;
    return p;
}

static bool match(struct mt_span text, const struct alias *a, struct mt_metric_name *out)
{
    if (!mt_span_take(&text, a->text))
        return false;
    *out = (struct mt_metric_name){.metric = a->metric,
                                   .scale = a->scale,
                                   .unit_named = a->scale != 1,
                                   .strength = a->strength};
    enum mt_unit unit = mt_metric_info(a->metric)->unit;
    out->plain = a->strength != MT_NAME_SETTING && unit != MT_RATIO && unit != MT_UNIX_NS;
    if (!text.size)
        return true;
    for (const struct unit *u = units_of(unit); u->text && !out->unit_named; u++) {
        if (!mt_span_is(text, u->text))
            continue;
        out->scale = u->scale;
        out->unit_named = unit != MT_COUNT;
        if (out->unit_named && out->strength == MT_NAME_WEAK)
            out->strength = MT_NAME_STRONG;
        return true;
    }
    return false;
}

static bool find(struct mt_span text, struct mt_metric_name *out)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (aliases[i].text[0] == text.data[0] && match(text, &aliases[i], out))
            return true;
    return false;
}

/* Takes a namespace off the front of a name. */
static bool take_namespace(struct mt_span *text)
{
    static const char *const spaces[] = {"memstats", "runtime", "process", "memory", "golang",
                                         "stats",    "proc",    "app",     "mem",    "go"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (mt_span_take(text, spaces[i]))
            return true;
    return false;
}

bool mt_metric_of_name(struct mt_span name, struct mt_metric_name *out)
{
    struct plain p = plain_of(name);
    struct mt_span text = {p.text, p.size};
    for (bool spaced = false; text.size; spaced = true) {
        if (find(text, out)) {
            if (spaced && out->strength == MT_NAME_WEAK)
                out->strength = MT_NAME_STRONG;
            return true;
        }
        if (!take_namespace(&text))
            return false;
    }
    return false;
}

static bool is_any(struct mt_span name, const char *const *names, size_t n)
{
    struct plain p = plain_of(name);
    struct mt_span plain = {p.text, p.size};
    for (size_t i = 0; i < n; i++)
        if (mt_span_is(plain, names[i]))
            return true;
    return false;
}

bool mt_name_is_time(struct mt_span name)
{
    static const char *const names[] = {
        "time",  "ts",       "timestamp",   "t",           "date",        "datetime",
        "unix",  "unixtime", "unixms",      "unixns",      "unixnano",    "unixus",
        "epoch", "epochms",  "epochs",      "timems",      "timens",      "timeus",
        "tsms",  "tsns",     "timestampms", "timestampns", "timestampus", "capturedat",
        "at",    "timeutc",  "when"};
    return is_any(name, names, sizeof names / sizeof *names);
}

bool mt_name_is_pid(struct mt_span name)
{
    static const char *const names[] = {"pid", "processid", "ospid"};
    return is_any(name, names, sizeof names / sizeof *names);
}

bool mt_name_is_origin(struct mt_span name)
{
    static const char *const names[] = {"pod",  "podname", "instance", "hostname",
                                        "host", "replica", "container"};
    return is_any(name, names, sizeof names / sizeof *names);
}
