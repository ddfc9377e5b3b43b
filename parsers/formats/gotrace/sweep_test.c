/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every trace of testdata/gotrace, cut and with bits flipped: it is survived, the error names a
 * byte of the input, and what was told before the damage is what the whole trace tells. Small ones
 * are cut at every byte; SWEEP=every flips every bit of them and takes short steps in large ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include <dirent.h>

extern const struct mt_reader mt_reader_gotrace;

/* Bytes of a sample that are read over and over for one kind of sweep. */
enum { BUDGET = 1 << 19, BUDGET_EVERY = 32 << 20, LAST_RECORD = 64 };

static const char folder[] = "testdata/gotrace";

/* ---- what is told of some bytes ---- */

struct told {
    struct mt_text lines;
    struct mt_err err;
    bool ok;
};

static bool add_line(void *sink, struct mt_span line)
{
    mt_text_span(sink, line);
    return true;
}

/* From an allocation of exactly that size, so that reading past it is seen. */
static void tell(struct told *told, struct mt_span bytes)
{
    unsigned char *exact = malloc(bytes.size ? bytes.size : 1);
    assert_non_null(exact);
    if (bytes.size)
        memcpy(exact, bytes.data, bytes.size);
    told->err = (struct mt_err){0};
    told->lines.size = 0;
    struct mt_cursor in = mt_cur_over((struct mt_span){exact, bytes.size}, &told->err);
    told->ok = mt_reader_gotrace.list(&in, add_line, &told->lines);
    assert_int_equal(told->ok, told->err.code == MT_ERR_OK);
    assert_true(told->err.offset <= bytes.size);
    free(exact);
}

static char path[512]; /* of the sample under way */

/* `at`: the byte that was changed, or where the bytes were cut. */
static void derive(struct mt_span bytes, size_t at)
{
    struct mt_testing t = {0};
    struct mt_err err = {0};
    mt_testing_read(&t, &mt_reader_gotrace, bytes);
    if (!mt_capture_check(&t.capture, &err))
        fail_msg("%s, byte %zu: inconsistent: %s", path, at, err.what);
    mt_testing_clear(&t);
}

static size_t line_before(struct mt_span lines, size_t end)
{
    for (end = end ? end - 1 : 0; end && lines.data[end - 1] != '\n';)
        end--;
    return end;
}

/* What whole generations told. Before 1.26 the last one may have been cut; Go's reader, and so
 * ours, tells then what there was of it, with times from another beginning. A sync begins each, and
 * one may stand in front of the error. */
static struct mt_span whole_generations(struct mt_span lines, bool may_be_cut)
{
    if (!may_be_cut)
        return mt_span_sub(lines, 0, line_before(lines, lines.size));
    size_t end = line_before(lines, lines.size), start = end;
    while (start && mt_span_find(mt_span_sub(lines, start, end - start), " Sync ") == MT_NPOS) {
        end = start;
        start = line_before(lines, end);
    }
    return mt_span_sub(lines, 0, start);
}

/* ---- the sweeps ---- */

/* How often the file may be read. */
static size_t most_readings(struct mt_span file)
{
    return (getenv("SWEEP") ? BUDGET_EVERY : BUDGET) / file.size + 1;
}

/* Version 1 has no end mark, and its last record may be one that tells nothing: a stack that no
 * event has need of, a futile wake-up. */
static bool may_lack_end(struct mt_span file, size_t size)
{
    static const char *const second[] = {"go 1.22", "go 1.23", "go 1.25", "go 1.26"};
    for (size_t i = 0; i < sizeof second / sizeof *second; i++)
        if (mt_span_starts(file, second[i]))
            return false;
    return file.size - size <= LAST_RECORD;
}

static void cut(struct mt_span file)
{
    struct told whole = {0}, part = {0};
    tell(&whole, file);
    assert_true(whole.ok);
    bool last = mt_span_starts(file, "go 1.26");
    size_t step = file.size / 2 / most_readings(file) + 1, before = 0;
    for (size_t size = 0; size < file.size; size += step) {
        tell(&part, mt_span_sub(file, 0, size));
        struct mt_span kept = whole_generations(mt_text_view(&part.lines), !last);
        if (!mt_span_equal(kept, mt_span_sub(mt_text_view(&whole.lines), 0, kept.size)))
            fail_msg("%s tells something else when cut at %zu", path, size);
        if (last && kept.size < before)
            fail_msg("%s tells less when cut at %zu than a step before", path, size);
        before = kept.size;
        if (part.ok && part.lines.size >= whole.lines.size && !may_lack_end(file, size))
            fail_msg("%s tells all when cut at %zu", path, size);
        derive(mt_span_sub(file, 0, size), size);
    }
    mt_text_clear(&whole.lines);
    mt_text_clear(&part.lines);
}

static void flip(struct mt_span file)
{
    struct told told = {0};
    unsigned char *bytes = malloc(file.size);
    assert_non_null(bytes);
    memcpy(bytes, file.data, file.size);
    struct mt_span flipped = {bytes, file.size};
    /* odd, so that all eight bits come */
    size_t step = file.size * 8 / most_readings(file) | 1;
    for (size_t bit = 0; bit < file.size * 8; bit += step) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        tell(&told, flipped);
        derive(flipped, bit / 8);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    free(bytes);
    mt_text_clear(&told.lines);
}

static void each_sample(void (*sweep)(struct mt_span file))
{
    size_t n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct mt_span file = mt_testing_file(path);
        sweep(file);
        free((void *)(uintptr_t)file.data);
        n++;
    }
    closedir(d);
    assert_true(n >= 12);
}

static void cut_anywhere_what_came_before_counts(void **state)
{
    (void)state;
    each_sample(cut);
}

static void flipped_bits_are_survived(void **state)
{
    (void)state;
    each_sample(flip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_anywhere_what_came_before_counts),
        cmocka_unit_test(flipped_bits_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
