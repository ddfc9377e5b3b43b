/* SPDX-License-Identifier: Apache-2.0 */
/* What every later stage takes for granted, tested once: a reader that breaks it has a bug,
 * whatever its input was. The first breach is reported; offset counts records of the part it names.
 */
#include "parsers/model/capture.h"

struct check {
    const struct mt_capture *c;
    struct mt_err *err;
};

static bool breach(const struct check *k, const char *part, size_t at, const char *what)
{
    return mt_fail(k->err, MT_ERR_INPUT, 0, "%s %zu: %s", part, at, what);
}

static bool named(const struct check *k, uint32_t id)
{
    return id < k->c->strings->count;
}

static bool index_ok(uint32_t index, size_t count)
{
    return index == MT_NO_INDEX || index < count;
}

static bool range_ok(uint64_t first, uint64_t n, size_t count)
{
    return first <= count && n <= count - first;
}

/* An array and its count: nothing where it is counted, or more than there is room for. */
static bool array_ok(const void *items, size_t count, size_t capacity)
{
    return count <= capacity && (items || !count);
}

static bool span_ok(int64_t start_ns, int64_t duration_ns)
{
    return duration_ns >= 0 && (start_ns == MT_NO_TIME || start_ns <= INT64_MAX - duration_ns);
}

static bool labels_ok(const struct check *k, const struct mt_label *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!named(k, labels[i].key) || !named(k, labels[i].text) || !named(k, labels[i].unit))
            return breach(k, "label", i, "text is not in the string table");
    return true;
}

static bool profile_arrays_ok(const struct check *k, size_t at, const struct mt_profile *p)
{
    const struct {
        const void *items;
        size_t count;
    } arrays[] = {
        {p->types, p->n_types},         {p->values, p->n_samples * p->n_types},
        {p->samples, p->n_samples},     {p->frames, p->n_frames},
        {p->labels, p->n_labels},       {p->mappings, p->n_mappings},
        {p->locations, p->n_locations}, {p->lines, p->n_lines},
        {p->functions, p->n_functions}, {p->comments, p->n_comments},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!array_ok(arrays[i].items, arrays[i].count, arrays[i].count))
            return breach(k, "profile", at, "an array is counted but not there");
    if (!index_ok(p->default_index, p->n_types) || (p->n_types && p->default_index == MT_NO_INDEX))
        return breach(k, "profile", at, "default type is none of its types");
    if (!span_ok(p->time_ns, p->duration_ns))
        return breach(k, "profile", at, "time and duration do not fit");
    return true;
}

static bool profile_symbols_ok(const struct check *k, const struct mt_profile *p)
{
    for (size_t i = 0; i < p->n_mappings; i++)
        if (!named(k, p->mappings[i].file) || !named(k, p->mappings[i].build_id))
            return breach(k, "mapping", i, "text is not in the string table");
    for (size_t i = 0; i < p->n_functions; i++)
        if (!named(k, p->functions[i].name) || !named(k, p->functions[i].system_name) ||
            !named(k, p->functions[i].file))
            return breach(k, "function", i, "text is not in the string table");
    for (size_t i = 0; i < p->n_lines; i++)
        if (!index_ok(p->lines[i].function, p->n_functions))
            return breach(k, "line", i, "function is out of range");
    for (size_t i = 0; i < p->n_locations; i++) {
        const struct mt_location *l = &p->locations[i];
        if (!index_ok(l->mapping, p->n_mappings))
            return breach(k, "location", i, "mapping is out of range");
        if (!range_ok(l->first_line, l->n_lines, p->n_lines))
            return breach(k, "location", i, "lines are out of range");
    }
    for (size_t i = 0; i < p->n_comments; i++)
        if (!named(k, p->comments[i]))
            return breach(k, "comment", i, "text is not in the string table");
    return true;
}

static bool profile_ok(const struct check *k, size_t at, const struct mt_profile *p)
{
    if (!profile_arrays_ok(k, at, p) || !profile_symbols_ok(k, p) ||
        !labels_ok(k, p->labels, p->n_labels))
        return false;
    for (size_t i = 0; i < p->n_types; i++)
        if (!named(k, p->types[i].type) || !named(k, p->types[i].unit))
            return breach(k, "sample type", i, "text is not in the string table");
    if (!named(k, p->period_type.type) || !named(k, p->period_type.unit) ||
        !named(k, p->default_type) || !named(k, p->drop_frames) || !named(k, p->keep_frames) ||
        !named(k, p->doc_url))
        return breach(k, "profile", at, "text is not in the string table");
    for (size_t i = 0; i < p->n_samples; i++) {
        const struct mt_sample *s = &p->samples[i];
        if (!range_ok(s->first_frame, s->n_frames, p->n_frames))
            return breach(k, "sample", i, "frames are out of range");
        if (!range_ok(s->first_label, s->n_labels, p->n_labels))
            return breach(k, "sample", i, "labels are out of range");
    }
    for (size_t i = 0; i < p->n_frames; i++)
        if (p->frames[i] >= p->n_locations)
            return breach(k, "frame", i, "location is out of range");
    return true;
}

static bool table_ok(const struct check *k, size_t at, const struct mt_table *t)
{
    if (!t->source)
        return breach(k, "table", at, "has no source");
    if (!named(k, t->origin))
        return breach(k, "table", at, "origin is not in the string table");
    if (!array_ok(t->time_ns, t->n_rows, t->cap_rows))
        return breach(k, "table", at, "rows are counted but not there");
    return true;
}

static bool gc_log_ok(const struct check *k, size_t at, const struct mt_gc_log *log)
{
    if (!log->source)
        return breach(k, "GC log", at, "has no source");
    if (!named(k, log->collector))
        return breach(k, "GC log", at, "text is not in the string table");
    if (!array_ok(log->cycles, log->n_cycles, log->cap_cycles))
        return breach(k, "GC log", at, "cycles are counted but not there");
    for (size_t i = 0; i < log->n_cycles; i++) {
        if (!named(k, log->cycles[i].cause))
            return breach(k, "GC cycle", i, "cause is not in the string table");
        if (!span_ok(log->cycles[i].time_ns, log->cycles[i].duration_ns))
            return breach(k, "GC cycle", i, "time and duration do not fit");
    }
    return true;
}

static bool frame_ok(const struct check *k, const struct mt_dump_frame *f)
{
    return named(k, f->function) && named(k, f->file);
}

static bool dump_ok(const struct check *k, size_t at, const struct mt_goroutine_dump *d)
{
    if (!array_ok(d->goroutines, d->n_goroutines, d->cap_goroutines) ||
        !array_ok(d->frames, d->n_frames, d->cap_frames) ||
        !array_ok(d->labels, d->n_labels, d->cap_labels))
        return breach(k, "goroutine dump", at, "an array is counted but not there");
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *g = &d->goroutines[i];
        if (!range_ok(g->first_frame, g->n_frames, d->n_frames))
            return breach(k, "goroutine", i, "frames are out of range");
        if (!range_ok(g->first_label, g->n_labels, d->n_labels))
            return breach(k, "goroutine", i, "labels are out of range");
        if (!named(k, g->state) || !frame_ok(k, &g->created_by))
            return breach(k, "goroutine", i, "text is not in the string table");
        if (g->wait_ns < 0)
            return breach(k, "goroutine", i, "waits a negative time");
    }
    for (size_t i = 0; i < d->n_frames; i++)
        if (!frame_ok(k, &d->frames[i]))
            return breach(k, "dump frame", i, "text is not in the string table");
    return labels_ok(k, d->labels, d->n_labels);
}

/* Over time there are as many as in all. */
static bool course_ok(const struct mt_trace *t, const struct mt_trace_site *s)
{
    uint32_t created = 0, ended = 0, left = 0;
    if (!s->course.created)
        return true;
    for (size_t i = 0; i < t->n_bins; i++) {
        created += s->course.created[i];
        ended += s->course.ended[i];
        left += s->course.left[i];
    }
    return created == (uint32_t)s->created && ended == (uint32_t)s->ended &&
           left == (uint32_t)s->never_ended;
}

static bool trace_sites_ok(const struct check *k, const struct mt_trace *t)
{
    for (size_t i = 0; i < t->n_sites; i++) {
        const struct mt_trace_site *s = &t->sites[i];
        if (!named(k, s->creator) || !named(k, s->creator_file) || !named(k, s->start_function) ||
            !named(k, s->parent) || !named(k, s->wait_reason) || !named(k, s->wait_function) ||
            !named(k, s->wait_file))
            return breach(k, "trace site", i, "text is not in the string table");
        if (s->never_ended > s->created)
            return breach(k, "trace site", i, "more never ended than were created");
        if (!course_ok(t, s))
            return breach(k, "trace site", i, "its course has other sums");
    }
    for (size_t i = 0; i < t->n_blocks; i++)
        if (!named(k, t->blocks[i].reason) || !named(k, t->blocks[i].function))
            return breach(k, "trace block", i, "text is not in the string table");
    for (size_t i = 0; i < t->n_syscalls; i++)
        if (!named(k, t->syscalls[i].reason) || !named(k, t->syscalls[i].function))
            return breach(k, "trace syscall", i, "text is not in the string table");
    for (size_t i = 0; i < t->n_regions; i++)
        if (!named(k, t->regions[i].name))
            return breach(k, "trace region", i, "name is not in the string table");
    return true;
}

static bool inside(const struct mt_trace *t, int64_t at_ns, int64_t duration_ns)
{
    return at_ns >= 0 && duration_ns >= 0 && at_ns <= t->duration_ns &&
           duration_ns <= t->duration_ns - at_ns;
}

static bool trace_ok(const struct check *k, const struct mt_trace *t)
{
    const struct {
        const void *items;
        size_t count;
    } arrays[] = {
        {t->sites, t->n_sites}, {t->blocks, t->n_blocks}, {t->syscalls, t->n_syscalls},
        {t->marks, t->n_marks}, {t->stops, t->n_stops},   {t->regions, t->n_regions},
        {t->logs, t->n_logs},   {t->mmu, t->n_mmu},       {t->proc_busy, t->n_procs},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!array_ok(arrays[i].items, arrays[i].count, arrays[i].count))
            return breach(k, "trace", 0, "an array is counted but not there");
    if (!named(k, t->go_version) || !span_ok(t->start_ns, t->duration_ns))
        return breach(k, "trace", 0, "version or times do not fit");
    if (t->ended > t->created + t->existing_at_start)
        return breach(k, "trace", 0, "more goroutines ended than there were");
    if (!trace_sites_ok(k, t))
        return false;
    for (size_t i = 0; i < t->n_marks; i++)
        if (!inside(t, t->marks[i].at_ns, t->marks[i].duration_ns))
            return breach(k, "trace mark", i, "ends past the trace");
    for (size_t i = 0; i < t->n_stops; i++) {
        if (!named(k, t->stops[i].reason))
            return breach(k, "trace stop", i, "reason is not in the string table");
        if (!inside(t, t->stops[i].at_ns, t->stops[i].duration_ns))
            return breach(k, "trace stop", i, "ends past the trace");
    }
    for (size_t i = 0; i < t->n_logs; i++) {
        if (!named(k, t->logs[i].category) || !named(k, t->logs[i].message))
            return breach(k, "trace log", i, "text is not in the string table");
        if (!inside(t, t->logs[i].at_ns, 0))
            return breach(k, "trace log", i, "lies past the trace");
    }
    return true;
}

static bool requests_ok(const struct check *k)
{
    for (size_t i = 0; i < k->c->n_requests; i++) {
        const struct mt_request *r = &k->c->requests[i];
        if (!named(k, r->name) || !named(k, r->kind) || !named(k, r->service))
            return breach(k, "request", i, "text is not in the string table");
        if (!span_ok(r->start_ns, r->duration_ns))
            return breach(k, "request", i, "start and duration do not fit");
    }
    return true;
}

static bool manifest_ok(const struct check *k, const struct mt_manifest *m)
{
    if (!named(k, m->service) || !named(k, m->build) || !named(k, m->go_version) ||
        !named(k, m->module))
        return breach(k, "manifest", 0, "text is not in the string table");
    if (!array_ok(m->labels, m->n_labels, m->n_labels) ||
        !array_ok(m->offsets, m->n_offsets, m->n_offsets))
        return breach(k, "manifest", 0, "an array is counted but not there");
    for (size_t i = 0; i < m->n_labels; i++)
        if (!named(k, m->labels[i].key) || !named(k, m->labels[i].value))
            return breach(k, "manifest label", i, "text is not in the string table");
    for (size_t i = 0; i < m->n_offsets; i++)
        if (!named(k, m->offsets[i].path))
            return breach(k, "clock offset", i, "path is not in the string table");
    return true;
}

static bool parts_ok(const struct check *k)
{
    const struct mt_capture *c = k->c;
    const struct {
        const char *name;
        const void *items;
        size_t count, capacity;
    } parts[] = {
        {"profiles", c->profiles, c->n_profiles, c->cap_profiles},
        {"tables", c->tables, c->n_tables, c->cap_tables},
        {"GC logs", c->gc_logs, c->n_gc_logs, c->cap_gc_logs},
        {"goroutine dumps", c->dumps, c->n_dumps, c->cap_dumps},
        {"requests", c->requests, c->n_requests, c->cap_requests},
        {"remarks", c->remarks, c->n_remarks, c->cap_remarks},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!array_ok(parts[i].items, parts[i].count, parts[i].capacity))
            return breach(k, parts[i].name, parts[i].count, "are counted but not there");
    if (!named(k, c->go_version))
        return breach(k, "capture", 0, "Go version is not in the string table");
    for (size_t i = 0; i < c->n_remarks; i++)
        if (!c->remarks[i].id || !c->remarks[i].statement)
            return breach(k, "remark", i, "has no text");
    return true;
}

bool mt_capture_check(const struct mt_capture *c, struct mt_err *err)
{
    struct check k = {c, err};
    if (!parts_ok(&k))
        return false;
    for (size_t i = 0; i < c->n_profiles; i++)
        if (!profile_ok(&k, i, &c->profiles[i]))
            return false;
    for (size_t i = 0; i < c->n_tables; i++)
        if (!table_ok(&k, i, &c->tables[i]))
            return false;
    for (size_t i = 0; i < c->n_gc_logs; i++)
        if (!gc_log_ok(&k, i, &c->gc_logs[i]))
            return false;
    for (size_t i = 0; i < c->n_dumps; i++)
        if (!dump_ok(&k, i, &c->dumps[i]))
            return false;
    if (c->trace && !trace_ok(&k, c->trace))
        return false;
    return requests_ok(&k) && (!c->manifest || manifest_ok(&k, c->manifest));
}
