/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gctrace/lines.h"

enum { MIB_SHIFT = 20, KIB_SHIFT = 10 };

static bool digit_at(struct mt_span s, size_t at)
{
    return at < s.size && s.data[at] >= '0' && s.data[at] <= '9';
}

static bool begins_record(struct mt_span s, size_t at)
{
    size_t i = at + 2;
    bool old = digit_at(s, i);
    if (!old && !(i < s.size && s.data[i] == ' ' && digit_at(s, ++i)))
        return false;
    while (digit_at(s, i))
        i++;
    if (old)
        return i < s.size && s.data[i] == '(' && digit_at(s, i + 1);
    return i + 1 < s.size && s.data[i] == ' ' && s.data[i + 1] == '@' && digit_at(s, i + 2);
}

size_t mt_gctrace_find(struct mt_span line, size_t from)
{
    for (size_t at = from; at < line.size; at += 2) {
        if (line.size - at < 2 || line.data[at] != 'g' || line.data[at + 1] != 'c') {
            size_t next = mt_span_find(mt_span_from(line, at), "gc");
            if (next == MT_NPOS)
                return MT_NPOS;
            at += next;
        }
        if (begins_record(line, at))
            return at;
    }
    return MT_NPOS;
}

/* "0.088", "2.4", "106" times 10^places, exactly; further digits are dropped. */
static bool take_decimal(struct mt_span *s, unsigned places, int64_t *value)
{
    enum { SAFE_DIGITS = 18 }; /* with those of the fraction: as many cannot overflow */
    static const uint64_t powers[] = {1,      10,      100,      1000,      10000,
                                      100000, 1000000, 10000000, 100000000, 1000000000};
    const unsigned char *text = s->data;
    size_t size = s->size, i = 0;
    uint64_t v = 0;
    for (unsigned digit; i < size && (digit = text[i] - (unsigned)'0') < 10; i++)
        v = v * 10 + digit;
    if (!i || i + places > SAFE_DIGITS)
        return false;
    unsigned left = places;
    if (i < size && text[i] == '.' && digit_at(*s, i + 1)) {
        i++;
        for (unsigned digit; i < size && (digit = text[i] - (unsigned)'0') < 10; i++) {
            if (left) {
                v = v * 10 + digit;
                left--;
            }
        }
    }
    *value = (int64_t)(v * powers[left]);
    *s = mt_span_from(*s, i);
    return true;
}

static bool take_scaled(struct mt_span *s, unsigned shift, uint64_t *bytes)
{
    struct mt_span rest = *s;
    uint64_t v;
    if (!mt_span_take_u64(&rest, &v) || v > (uint64_t)INT64_MAX >> shift)
        return false;
    *bytes = v << shift;
    *s = rest;
    return true;
}

/* Loggers that write JSON for a browser's sake escape the angle bracket. */
static bool take_arrow(struct mt_span *s)
{
    return mt_span_take(s, "->") || mt_span_take(s, "-\\u003e");
}

/* Nine years: no process gets older, and sums of a few such values stay in range. */
static bool sane(int64_t ns)
{
    return ns <= INT64_MAX / 32;
}

/* "0.088+2.4+0.044 ms clock, ": three phases, five in Go 1.5 (sweep termination, scan, write
 * barrier on, mark, mark termination), of which all but first and last run beside the program. */
static bool take_clock(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    int64_t phase[5];
    size_t n = 0;
    do {
        if (n == 5 || !take_decimal(s, 6, &phase[n]) || !sane(phase[n]))
            return false;
        n++;
    } while (mt_span_take(s, "+"));
    if ((n != 3 && n != 5) || !mt_span_take(s, " ms clock, "))
        return false;
    cycle->sweep_term_ns = phase[0];
    cycle->mark_ns = 0;
    for (size_t i = 1; i + 1 < n; i++)
        cycle->mark_ns += phase[i];
    cycle->mark_term_ns = phase[n - 1];
    cycle->pause_ns = cycle->sweep_term_ns + cycle->mark_term_ns;
    cycle->duration_ns = cycle->pause_ns + cycle->mark_ns;
    return true;
}

/* "0.17+0.009/0.51/2.6+0.088 ms cpu, ": mark is assist/background/idle; Go 1.5 has scan and write
 * barrier before it, background work by their nature. */
static bool take_cpu(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    int64_t phase[5], part[3] = {0, 0, 0};
    size_t n = 0, mark = 0;
    do {
        if (n == 5 || !take_decimal(s, 6, &phase[n]) || !sane(phase[n]))
            return false;
        if (mt_span_take(s, "/")) {
            mark = n;
            part[0] = phase[n];
            if (!take_decimal(s, 6, &part[1]) || !mt_span_take(s, "/") ||
                !take_decimal(s, 6, &part[2]) || !sane(part[1]) || !sane(part[2]))
                return false;
        }
        n++;
    } while (mt_span_take(s, "+"));
    if ((n != 3 && n != 5) || mark != n - 2 || !mt_span_take(s, " ms cpu, "))
        return false;
    cycle->cpu_sweep_term_ns = phase[0];
    cycle->cpu_assist_ns = part[0];
    cycle->cpu_background_ns = part[1];
    cycle->cpu_idle_ns = part[2];
    for (size_t i = 1; i < mark; i++)
        cycle->cpu_background_ns += phase[i];
    cycle->cpu_mark_term_ns = phase[n - 1];
    return true;
}

static bool take_number(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    return mt_span_take_u64(s, &cycle->number);
}

/* "(forced)", "(checking for goroutine leaks)": more may come. */
static void take_notes(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    while (mt_span_starts(*s, " (")) {
        size_t end = mt_span_find_byte(*s, ')');
        if (end == MT_NPOS)
            return;
        if (mt_span_is(mt_span_sub(*s, 2, end - 2), "forced"))
            cycle->forced = true;
        *s = mt_span_from(*s, end + 1);
    }
}

static bool take_procs(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    struct mt_span rest = *s;
    uint64_t procs;
    if (!mt_span_take_u64(&rest, &procs) || procs > UINT32_MAX || !mt_span_take(&rest, " P"))
        return false;
    cycle->procs = (uint32_t)procs;
    *s = rest;
    return true;
}

static bool take_modern(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    int64_t percent;
    if (!take_number(s, cycle) || !mt_span_take(s, " @") ||
        !take_decimal(s, 9, &cycle->since_start_ns) || !sane(cycle->since_start_ns) ||
        !mt_span_take(s, "s ") || !take_decimal(s, 3, &percent) || !mt_span_take(s, "%"))
        return false;
    cycle->cpu_percent = (double)percent / 1e3;
    take_notes(s, cycle);
    if (!mt_span_take(s, ": ") || !take_clock(s, cycle) || !take_cpu(s, cycle) ||
        !take_scaled(s, MIB_SHIFT, &cycle->heap_start_bytes) || !take_arrow(s) ||
        !take_scaled(s, MIB_SHIFT, &cycle->heap_end_bytes) || !take_arrow(s) ||
        !take_scaled(s, MIB_SHIFT, &cycle->heap_live_bytes) || !mt_span_take(s, " MB, ") ||
        !take_scaled(s, MIB_SHIFT, &cycle->goal_bytes) || !mt_span_take(s, " MB goal, "))
        return false;
    if (take_procs(s, cycle)) {
        take_notes(s, cycle);
        return true;
    }
    if (!take_scaled(s, MIB_SHIFT, &cycle->stacks_bytes) || !mt_span_take(s, " MB stacks, ") ||
        !take_scaled(s, MIB_SHIFT, &cycle->globals_bytes) || !mt_span_take(s, " MB globals, ") ||
        !take_procs(s, cycle))
        return false;
    take_notes(s, cycle);
    return true;
}

/* "gc6(8): 2+9+2 ms, 50 -> 25 MB 178213 -> 18021 (196234-178213) objects, ..." and, in Go 1.3 and
 * 1.4, "gc1(1): 2+1+1103+0 us, 0 -> 0 MB, 21 (21-0) objects, ...". */
static bool take_old(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    uint64_t procs;
    if (!take_number(s, cycle) || !mt_span_take(s, "(") || !mt_span_take_u64(s, &procs) ||
        procs > UINT32_MAX || !mt_span_take(s, "): "))
        return false;
    cycle->procs = (uint32_t)procs;
    uint64_t sum = 0, phase;
    do {
        if (!mt_span_take_u64(s, &phase) || phase > (uint64_t)INT64_MAX >> 32)
            return false;
        sum += phase;
    } while (mt_span_take(s, "+"));
    uint64_t unit_ns = mt_span_take(s, " us") ? 1000 : mt_span_take(s, " ms") ? 1000000 : 0;
    if (!unit_ns || sum > (uint64_t)INT64_MAX / 32 / unit_ns)
        return false;
    cycle->pause_ns = cycle->duration_ns = (int64_t)(sum * unit_ns);
    mt_span_take(s, ",");
    if (!mt_span_take(s, " ") || !take_scaled(s, MIB_SHIFT, &cycle->heap_start_bytes) ||
        !mt_span_take(s, " -> ") || !take_scaled(s, MIB_SHIFT, &cycle->heap_live_bytes) ||
        !mt_span_take(s, " MB"))
        return false;
    cycle->heap_end_bytes = cycle->heap_start_bytes;
    return true;
}

bool mt_gctrace_take_cycle(struct mt_span *s, struct mt_gc_cycle *cycle)
{
    mt_gc_cycle_init(cycle);
    if (!mt_span_take(s, "gc"))
        return false;
    return mt_span_take(s, " ") ? take_modern(s, cycle) : take_old(s, cycle);
}

bool mt_gctrace_take_sched(struct mt_span *s, struct mt_gctrace_sched *sched)
{
    uint64_t ms, global, local;
    struct mt_span word;
    if (!mt_span_take(s, "SCHED ") || !mt_span_take_u64(s, &ms) || !mt_span_take(s, "ms: ") ||
        ms > (uint64_t)INT64_MAX / 32000000)
        return false;
    *sched = (struct mt_gctrace_sched){.since_start_ns = (int64_t)ms * 1000000};
    bool procs = false, threads = false, queue = false;
    while (!queue && mt_span_word(s, &word)) {
        if (mt_span_take(&word, "gomaxprocs="))
            procs = mt_span_u64(word, &sched->procs);
        else if (mt_span_take(&word, "threads="))
            threads = mt_span_u64(word, &sched->threads);
        else if (mt_span_take(&word, "runqueue="))
            queue = mt_span_u64(word, &global);
    }
    if (!procs || !threads || !queue)
        return false;
    sched->runnable = global;
    if (!mt_span_take(s, " ["))
        return true; /* scheddetail lists the Ps on lines of their own */
    for (mt_span_take(s, " "); mt_span_take_u64(s, &local); mt_span_take(s, " "))
        if (local <= UINT32_MAX && sched->runnable <= UINT32_MAX)
            sched->runnable += local;
    return true;
}

/* "scvg12: inuse: 3, idle: 1, sys: 4, released: 0, consumed: 4 (MB)" after its number, which is -1
 * for what debug.FreeOSMemory began; Go 1.12 calls that "forced scvg: inuse: ...". */
static bool take_scvg(struct mt_span *s, struct mt_gctrace_scav *scav)
{
    return mt_span_take(s, ": inuse: ") && take_scaled(s, MIB_SHIFT, &scav->inuse_bytes) &&
           mt_span_take(s, ", idle: ") && take_scaled(s, MIB_SHIFT, &scav->idle_bytes) &&
           mt_span_take(s, ", sys: ") && take_scaled(s, MIB_SHIFT, &scav->sys_bytes) &&
           mt_span_take(s, ", released: ") && take_scaled(s, MIB_SHIFT, &scav->released_bytes);
}

bool mt_gctrace_take_scav(struct mt_span *s, struct mt_gctrace_scav *scav)
{
    *scav = (struct mt_gctrace_scav){MT_NO_BYTES, MT_NO_BYTES, MT_NO_BYTES, MT_NO_BYTES};
    uint64_t number;
    mt_span_take(s, "forced ");
    if (mt_span_take(s, "scvg")) {
        mt_span_take(s, "-");
        mt_span_take_u64(s, &number);
        return take_scvg(s, scav);
    }
    if (!mt_span_take(s, "scav "))
        return false;
    /* Up to Go 1.15 the cycle's number comes first. The total is the last size of each form. */
    bool total = false;
    for (struct mt_span part; !total && mt_span_split(s, ',', &part);) {
        part = mt_span_trim(part);
        if (mt_span_ends(part, " KiB now") || mt_span_ends(part, " KiB total"))
            total = take_scaled(&part, KIB_SHIFT, &scav->released_bytes);
    }
    return total;
}

/* Go 1.18 and later count in bytes against the goal; before, "H_T=37605024 h_a=... H_a=73473040
 * ... H_g=60977472" are heap at the trigger, at the end of the mark, and the goal. */
bool mt_gctrace_take_pacer(struct mt_span *s, struct mt_gctrace_pacer *pacer)
{
    struct mt_span word;
    *pacer = (struct mt_gctrace_pacer){MT_NO_BYTES, MT_NO_BYTES, MT_NO_BYTES};
    if (!mt_span_take(s, "pacer: "))
        return false;
    if (mt_span_starts(*s, "H_m_prev=")) {
        while (mt_span_word(s, &word)) {
            if (mt_span_take(&word, "H_T="))
                take_scaled(&word, 0, &pacer->start_bytes);
            else if (mt_span_take(&word, "H_a="))
                take_scaled(&word, 0, &pacer->end_bytes);
            else if (mt_span_take(&word, "H_g="))
                take_scaled(&word, 0, &pacer->goal_bytes);
        }
        return pacer->end_bytes != MT_NO_BYTES;
    }
    size_t at = mt_span_find(*s, " exp.) in ");
    if (at == MT_NPOS)
        return false;
    *s = mt_span_from(*s, at + sizeof " exp.) in " - 1);
    int64_t over;
    if (!take_scaled(s, 0, &pacer->start_bytes) || !mt_span_take(s, " B -> ") ||
        !take_scaled(s, 0, &pacer->end_bytes))
        return false;
    at = mt_span_find(*s, "goal ");
    if (at != MT_NPOS) {
        *s = mt_span_from(*s, at + sizeof "goal " - 1);
        if (mt_span_take_i64(s, &over) && over <= (int64_t)pacer->end_bytes &&
            over > -(INT64_MAX - (int64_t)pacer->end_bytes))
            pacer->goal_bytes = (uint64_t)((int64_t)pacer->end_bytes - over);
    }
    return true;
}
