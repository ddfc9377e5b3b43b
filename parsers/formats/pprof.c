/* SPDX-License-Identifier: Apache-2.0 */
/* profile.proto, as Go's runtime/pprof and many other tools write it (pprof.md). */
#include "parsers/base/wire.h"
#include "parsers/formats/pprof/decode.h"
#include "parsers/formats/pprof/fields.h"
#include "parsers/formats/pprof/goroutines.h"
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/reader.h"

static bool read_pprof(struct mt_cursor *in, struct mt_capture *out)
{
    uint64_t base = in->offset;
    struct mt_span bytes = mt_cur_all(in);
    if (!mt_cur_ok(in) || !mt_pprof_decode(bytes, base, out, in->err))
        return false;
    mt_pprof_goroutines(out);
    return true;
}

/* A ValueType holds nothing but two small numbers; that tells it from other messages whose first
 * field is a message. */
static bool looks_like_value_type(struct mt_wire w)
{
    struct mt_wire_field f;
    while (mt_wire_next(&w, &f))
        if (f.type != MT_WIRE_VARINT || f.number < 1 || f.number > 2 || f.value >= 1 << 24)
            return false;
    return !w.bad;
}

static enum mt_match sniff_pprof(struct mt_span head)
{
    struct mt_wire w = mt_wire_over(head);
    struct mt_wire_field f;
    bool types = false;
    size_t known = 0;
    while (mt_wire_next(&w, &f)) {
        if (f.number >= FIELD_END || !field_types[f.number])
            continue;
        if (!(field_types[f.number] >> f.type & 1))
            return known > 1 && types ? MT_MAYBE : MT_NO;
        if (f.number == SAMPLE_TYPE || f.number == PERIOD_TYPE) {
            if (!looks_like_value_type(f.body))
                return MT_NO;
            types = true;
        }
        known++;
    }
    bool cut = w.bad && mt_wire_offset(&w) + 16 > head.size;
    if (!known || (w.bad && !types))
        return MT_NO;
    return types && (!w.bad || cut) ? MT_CERTAIN : MT_LIKELY;
}

const struct mt_reader mt_reader_pprof = {
    .name = "pprof",
    .kind = "profile",
    .summary =
        "pprof profile (profile.proto): heap, allocs, goroutine, block, mutex, CPU and others",
    .example = "protobuf, mostly gzipped; begins 0a (sample_type), 48 (time) or 5a (period_type)",
    .how = "curl -o heap.pb.gz http://HOST/debug/pprof/heap (also allocs, goroutine, block, mutex, "
           "threadcreate)\n"
           "curl -o cpu.pb.gz 'http://HOST/debug/pprof/profile?seconds=10'\n"
           "curl -o leak.pb.gz http://HOST/debug/pprof/goroutineleak (Go 1.27)\n"
           "grf attach -o references.pb.gz PID (goref: who holds what)",
    .sniff = sniff_pprof,
    .read = read_pprof,
    .inspect = mt_profile_inspect,
};
