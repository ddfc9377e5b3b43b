/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/text.h"
#include "parsers/formats/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct mt_reader mt_reader_notes;

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture cap;

static bool read_span(struct mt_span text)
{
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    mt_capture_init(&cap, &arena, &strings);
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(text, &err);
    return mt_reader_notes.read(&in, &cap);
}

static struct mt_span load(const char *path)
{
    static unsigned char bytes[8192];
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot open %s", path);
    size_t size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return (struct mt_span){bytes, size};
}

static void keeps_the_text_as_it_stands(void **state)
{
    (void)state;
    struct mt_span text = load("testdata/notes/backoffice.md");
    assert_int_equal(mt_reader_notes.sniff(text), MT_MAYBE);
    assert_true(read_span(text));
    assert_true(mt_span_equal(cap.notes, text));
    assert_true(cap.notes.data != text.data);
    assert_int_equal(cap.records, 15); /* wc -l */
    assert_int_equal(mt_reader_notes.sniff(load("testdata/notes/setext.md")), MT_MAYBE);
}

static void leaves_logs_pages_and_settings_alone(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "404 page not found\n",
        "upstream connect error or disconnect/reset before headers. reset reason: overflow\n",
        "<!DOCTYPE html>\n<html><body># Not found</body></html>\n",
        "#!/bin/sh\n# capture the heap\ncurl -o heap.pb.gz http://127.0.0.1/\n",
        "# HELP go_goroutines Number of goroutines.\n# TYPE go_goroutines gauge\ngo_goroutines 9\n",
        "2026/11/22 19:05:51 listening on 127.0.0.1:18080\n2026/11/22 19:05:52 ready\n",
        "time,heap\n1,2\n3,4\n",
        "{\"title\": \"# x\"}\n",
        "gogc=100\n# the usual\nservice=a\nbuild=b\n",
        "- 1\n- 2\n- 3\n",
        "# caf\xe9 in Latin-1, which is not UTF-8\n",
        "# HeapAlloc = 123456\n# HeapSys = 7856128\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (mt_reader_notes.sniff(mt_span_of(others[i])) != MT_NO)
            fail_msg("taken for notes: %s", others[i]);
    assert_int_equal(mt_reader_notes.sniff(MT_SPAN("# a zero byte \0 and words\n")), MT_NO);
}

static void does_not_trip_over_a_letter_torn_at_the_end_of_the_head(void **state)
{
    (void)state;
    char head[5000];
    size_t size = (size_t)snprintf(head, sizeof head, "# Title\n\n");
    while (size < 4900)
        size += (size_t)snprintf(head + size, sizeof head - size, "some words of prose\n");
    memcpy(head + size, "caf\xc3", 4);
    assert_int_equal(mt_reader_notes.sniff((struct mt_span){(unsigned char *)head, size + 4}),
                     MT_MAYBE);
}

static void cuts_long_notes_at_a_line_and_says_so(void **state)
{
    (void)state;
    size_t size = 300000;
    char *text = malloc(size);
    memset(text, 'x', size);
    for (size_t i = 99; i < size; i += 100)
        text[i] = '\n';
    assert_true(read_span((struct mt_span){(unsigned char *)text, size}));
    free(text);
    assert_int_equal(cap.notes.size, 262100);
    assert_int_equal(cap.records, 2621);
    assert_int_equal(cap.n_remarks, 1);
    assert_string_equal(cap.remarks[0].statement, "the notes are cut after 262100 of 300000 bytes");
}

static void describes_itself_to_inspect(void **state)
{
    (void)state;
    assert_true(read_span(MT_SPAN("\xef\xbb\xbf# a\n\n## b\n#c\n")));
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_object(&j);
    mt_reader_notes.inspect(&cap, &j);
    mt_json_object_end(&j);
    assert_string_equal(text.data, "{\"lines\":4,\"headings\":2}");
    mt_text_clear(&text);
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_text_as_it_stands),
        cmocka_unit_test(leaves_logs_pages_and_settings_alone),
        cmocka_unit_test(does_not_trip_over_a_letter_torn_at_the_end_of_the_head),
        cmocka_unit_test(cuts_long_notes_at_a_line_and_says_so),
        cmocka_unit_test(describes_itself_to_inspect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
