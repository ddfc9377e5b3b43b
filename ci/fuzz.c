/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One fuzz target per reader, compiled with -DMT_FUZZ_READER=mt_reader_NAME: read and check; then,
 * for one input of eight, join into a bundle, assess, render every output: a report costs a hundred
 * times what a read does, and most mutations die in the reader. Which inputs is a matter of their
 * bytes alone, so that a finding can be replayed. Without a fuzzing engine (-DMT_FUZZ_MAIN) it runs
 * the files it is given, so that findings can be replayed by any compiler.
 */
#include "parsers/formats/reader.h"
#include "parsers/model/redact.h"
#include "report/analysis/assessment.h"
#include "report/render/renderer.h"
#include "report/view/view.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct mt_reader MT_FUZZ_READER;

static bool drop(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    (void)self;
    (void)name;
    (void)bytes;
    return true;
}

static void report(struct mt_arena *arena, struct mt_strings *strings, struct mt_capture *capture)
{
    struct mt_input input = {.path = "fuzz/input",
                             .kind = "input",
                             .format = MT_FUZZ_READER.name,
                             .status = MT_INPUT_READ,
                             .start_ns = MT_NO_TIME,
                             .end_ns = MT_NO_TIME,
                             .capture = capture};
    struct mt_bundle *bundle = mt_bundle_join(arena, strings, "fuzz", &input, 1, 0);
    struct mt_redaction redaction;
    mt_redaction_init(&redaction, arena, 15);
    mt_redact_bundle(&redaction, bundle);
    struct mt_assess_options how = {0};
    struct mt_assessment *assessment = mt_assess(arena, bundle, &how);
    struct mt_view_options options = {.command_line = "memtriage report"};
    struct mt_view *view = mt_view_of_report(arena, assessment, &options);
    struct mt_outputs out = {.file = drop};
    for (size_t i = 0; mt_renderers[i]; i++) {
        struct mt_err err = {0};
        if (mt_renderers[i]->for_report && !mt_renderers[i]->render(view, &out, &err) &&
            err.code == MT_ERR_OK)
            abort(); /* a failure must say what failed */
    }
}

static bool is_reported(const uint8_t *data, size_t size)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ data[i]) * 16777619u;
    return (sum >> 13) % 8 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mt_arena arena = {0}, bundle_arena = {0};
    struct mt_strings strings, bundle_strings;
    struct mt_capture capture;
    struct mt_err err = {0}, broken = {0};
    mt_strings_init(&strings, &arena);
    mt_strings_init(&bundle_strings, &bundle_arena);
    mt_capture_init(&capture, &arena, &strings);
    capture.format = MT_FUZZ_READER.name;
    capture.path = "fuzz/input";
    struct mt_cursor in = mt_cur_over((struct mt_span){data, size}, &err);
    MT_FUZZ_READER.sniff(mt_span_sub(in.rest, 0, 64 << 10));
    bool whole = MT_FUZZ_READER.read(&in, &capture);
    if (whole != (err.code == MT_ERR_OK) || !mt_capture_check(&capture, &broken)) {
        fprintf(stderr, "inconsistent: %s\n", broken.what);
        abort();
    }
    if (is_reported(data, size))
        report(&bundle_arena, &bundle_strings, &capture);
    mt_arena_clear(&bundle_arena);
    mt_arena_clear(&arena);
    return 0;
}

#ifdef MT_FUZZ_MAIN
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *in = fopen(argv[i], "rb");
        if (!in || fseek(in, 0, SEEK_END) != 0) {
            perror(argv[i]);
            return 1;
        }
        long size = ftell(in);
        uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1);
        rewind(in);
        if (!bytes || fread(bytes, 1, (size_t)size, in) != (size_t)size) {
            perror(argv[i]);
            return 1;
        }
        fclose(in);
        LLVMFuzzerTestOneInput(bytes, (size_t)size);
        free(bytes);
    }
    return 0;
}
#endif
