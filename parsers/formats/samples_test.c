/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of testdata/<format>/ against every reader: one reader takes it and no other as
 * strongly; what it makes holds together; and cut at 1,500 lengths, read from a buffer that ends at
 * an unmapped page, it neither crashes nor makes something inconsistent. Files of testdata/hostile/
 * only have to be survived. MT_CUTS=N makes N cuts a sample (ci/check.sh: nearly every length).
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/samples_for_tests.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { MOST_CUTS = 1500, PAGE = 4096 };

static size_t most_cuts = MOST_CUTS;

static void cut_everywhere(const struct mt_reader *reader, struct mt_span bytes)
{
    size_t room = (bytes.size + 2 * PAGE) & ~(size_t)(PAGE - 1);
    unsigned char *map =
        mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(map != MAP_FAILED);
    unsigned char *end = map + room - PAGE;
    assert_int_equal(mprotect(end, PAGE, PROT_NONE), 0);
    size_t step = bytes.size / most_cuts + 1;
    for (size_t size = 0; size <= bytes.size; size += step) {
        if (size)
            memcpy(end - size, bytes.data, size);
        sample_read(reader, (struct mt_span){end - size, size}, false);
    }
    munmap(map, room);
}

static void check_sample(const struct mt_reader *reader, const char *path)
{
    struct mt_arena arena = {0};
    struct mt_span bytes = sample_load(&arena, path);
    struct mt_span head = mt_span_sub(bytes, 0, MT_HEAD_BYTES);
    enum mt_match own = reader->sniff(head);
    if (own == MT_NO)
        fail_msg("%s does not know its own sample %s", reader->name, path);
    for (size_t i = 0; mt_readers[i]; i++)
        if (mt_readers[i] != reader && !mt_readers[i]->alone &&
            !(mt_readers[i]->mixes && reader->mixes && own == MT_LIKELY) && /* both read it */
            mt_readers[i]->sniff(head) >= own)
            fail_msg("%s claims %s as strongly as %s", mt_readers[i]->name, path, reader->name);
    sample_read(reader, bytes, false);
    sample_read(reader, bytes, true);
    cut_everywhere(reader, bytes);
    mt_arena_clear(&arena);
}

static void survive(const struct mt_reader *none, const char *path)
{
    (void)none;
    struct mt_arena arena = {0};
    struct mt_span bytes = sample_load(&arena, path);
    for (size_t i = 0; mt_readers[i]; i++) {
        mt_readers[i]->sniff(mt_span_sub(bytes, 0, MT_HEAD_BYTES));
        sample_read(mt_readers[i], bytes, true);
    }
    mt_arena_clear(&arena);
}

static void every_format_knows_and_survives_its_samples(void **state)
{
    (void)state;
    for (size_t i = 0; mt_readers[i]; i++) {
        char folder[256];
        size_t count = 0;
        snprintf(folder, sizeof folder, "testdata/%s", mt_readers[i]->name);
        samples_of(folder, mt_readers[i], check_sample, &count);
        if (!count)
            fail_msg("%s has no sample under %s", mt_readers[i]->name, folder);
    }
}

static void every_reader_survives_the_hostile_files(void **state)
{
    (void)state;
    size_t count = 0;
    samples_of("testdata/hostile", NULL, survive, &count);
    assert_true(count > 0);
}

static void every_reader_describes_itself(void **state)
{
    (void)state;
    for (size_t i = 0; mt_readers[i]; i++) {
        assert_non_null(mt_readers[i]->name);
        assert_non_null(mt_readers[i]->kind);
        assert_non_null(mt_readers[i]->summary);
        assert_non_null(mt_readers[i]->example);
        assert_non_null(mt_readers[i]->how);
        assert_ptr_equal(mt_reader_named(mt_readers[i]->name), mt_readers[i]);
    }
}

int main(void)
{
    const char *wanted = getenv("MT_CUTS");
    uint64_t n;
    if (wanted && mt_span_u64(mt_span_of(wanted), &n) && n > 0 && n < SIZE_MAX)
        most_cuts = (size_t)n;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_describes_itself),
        cmocka_unit_test(every_format_knows_and_survives_its_samples),
        cmocka_unit_test(every_reader_survives_the_hostile_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
