/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage inspect FILE...: one JSON object a line and a file, also for damaged ones. */
#include "cmd/memtriage/command.h"
#include "cmd/memtriage/filters.h"
#include "parsers/input/stream.h"
#include "parsers/input/unknown.h"
#include "parsers/input/walk.h"

#include <stdio.h>

static struct mt_span redacted(void *redaction, struct mt_span text)
{
    struct mt_redaction *r = redaction;
    return mt_redact_text(r, r->arena, text);
}

/* A format's object may hold texts of its own beside the model's, so all of it is redacted. */
static void print_object(const char *path, const struct mt_reader *reader,
                         const struct mt_capture *capture, struct mt_redaction *redaction,
                         const struct mt_err *err)
{
    struct mt_text text = {0};
    struct mt_json_out json;
    mt_json_begin(&json, &text);
    json.raw_bytes = true;
    json.filter = redaction->what ? redacted : NULL;
    json.filter_self = redaction;
    mt_json_object(&json);
    mt_json_kv_text(&json, "file", path);
    if (reader)
        mt_json_kv_text(&json, "format", reader->name);
    mt_json_kv_bool(&json, "error", err->code != MT_ERR_OK);
    if (err->code != MT_ERR_OK) {
        mt_json_kv_u64(&json, "offset", err->offset);
        mt_json_kv_text(&json, "message", err->what);
    }
    if (capture) {
        mt_json_kv_u64(&json, "records", capture->records);
        mt_json_kv_u64(&json, "skipped", capture->skipped);
        if (capture->cut_lines)
            mt_json_kv_u64(&json, "cut_lines", capture->cut_lines);
        if (reader->inspect)
            reader->inspect(capture, &json);
    }
    mt_json_object_end(&json);
    mt_text_byte(&text, '\n');
    fwrite(text.data, 1, text.size, stdout);
    mt_text_clear(&text);
}

static const struct mt_reader *recognise(struct mt_stream *stream, const struct mt_options *options,
                                         struct mt_err *err)
{
    struct mt_span head = mt_stream_head(stream);
    if (!options->as_format && mt_is_archive(head)) {
        mt_fail(err, MT_ERR_INPUT, 0, "an archive: unpack it, or give it to `memtriage report`");
        return NULL;
    }
    const struct mt_reader *reader =
        options->as_format ? mt_reader_named(options->as_format) : mt_reader_sniff(head);
    if (reader)
        return reader;
    struct mt_cursor in = mt_stream_cursor(stream, err); /* damage of the gzip layer comes first */
    if (mt_stream_is_gzip(stream) && !mt_cur_has(&in, MT_HEAD_BYTES) && !mt_cur_ok(&in))
        return NULL;
    mt_fail(err, MT_ERR_INPUT, 0, "%s", mt_unknown_reason(head, false));
    return NULL;
}

static bool print_line(void *redaction, struct mt_span line)
{
    struct mt_redaction *r = redaction;
    line = mt_redact_text(r, r->arena, line);
    return fwrite(line.data, 1, line.size, stdout) == line.size;
}

/* False: the input is damaged or unreadable. */
static bool inspect(const char *path, const struct mt_options *options,
                    const struct mt_filter *filter, struct mt_redaction *redaction)
{
    struct mt_err err = {0};
    struct mt_stream *stream;
    if (!mt_stream_open(&stream, path, &err)) {
        print_object(path, NULL, NULL, redaction, &err);
        mt_say_err(path, &err);
        return false;
    }
    bool settled = true;
    const struct mt_reader *reader = recognise(stream, options, &err);
    if (reader && options->events && !reader->list) {
        mt_fail(&err, MT_ERR_INPUT, 0, "--events lists execution traces, this is %s", reader->name);
    } else if (reader && options->events) {
        struct mt_cursor in = mt_stream_cursor(stream, &err);
        if (!reader->list(&in, print_line, redaction) && !ferror(stdout))
            mt_fail(&err, MT_ERR_INPUT, in.offset, "damaged");
        settled = mt_stream_settle(stream, &err);
    } else if (reader) {
        struct mt_arena arena = {0};
        struct mt_strings strings;
        struct mt_capture capture;
        mt_strings_init(&strings, &arena);
        mt_capture_init(&capture, &arena, &strings);
        capture.format = reader->name;
        capture.path = path;
        capture.inspecting = true;
        struct mt_cursor in = mt_stream_cursor(stream, &err);
        if (!reader->read(&in, &capture))
            mt_fail(&err, MT_ERR_INPUT, in.offset, "damaged");
        capture.cut_lines = in.cut_lines;
        settled = mt_stream_settle(stream, &err);
        mt_filters_apply(filter, &capture);
        mt_redact_capture(redaction, &capture);
        print_object(path, reader, &capture, redaction, &err);
        mt_arena_clear(&arena);
    } else {
        print_object(path, NULL, NULL, redaction, &err);
    }
    if (err.code != MT_ERR_OK)
        mt_say_err(path, &err);
    mt_stream_close(stream);
    return settled && err.code == MT_ERR_OK;
}

int mt_cmd_inspect(const struct mt_options *options)
{
    if (!options->n_args) {
        mt_say("inspect: at least one FILE was expected; - is standard input");
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    if (options->as_format && !mt_reader_named(options->as_format)) {
        mt_say("--as %s: no such format; memtriage formats lists them", options->as_format);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    struct mt_arena arena = {0};
    struct mt_filter *filter;
    if (!mt_filters_of(&arena, options, &filter)) {
        mt_arena_clear(&arena);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    struct mt_redaction redaction; /* exact by default: this is what checks readers */
    mt_options_redaction(options, 0, &arena, &redaction);
    bool all_good = true;
    for (size_t i = 0; i < options->n_args; i++)
        all_good &= inspect(options->args[i], options, filter, &redaction);
    mt_filter_release(filter);
    mt_arena_clear(&arena);
    return all_good ? 0 : mt_code_exit_status(MT_ERR_INPUT);
}
