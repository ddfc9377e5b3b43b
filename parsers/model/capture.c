/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/capture.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void mt_capture_init(struct mt_capture *c, struct mt_arena *arena, struct mt_strings *strings)
{
    *c = (struct mt_capture){.arena = arena, .strings = strings, .format = "", .path = ""};
}

struct mt_profile *mt_capture_add_profile(struct mt_capture *c, enum mt_profile_kind kind)
{
    MT_RESERVE(c->arena, c->profiles, c->n_profiles, c->cap_profiles);
    struct mt_profile *p = &c->profiles[c->n_profiles++];
    *p = (struct mt_profile){.kind = kind, .time_ns = MT_NO_TIME, .default_index = MT_NO_INDEX};
    return p;
}

struct mt_table *mt_capture_add_table(struct mt_capture *c, const char *source)
{
    MT_RESERVE(c->arena, c->tables, c->n_tables, c->cap_tables);
    struct mt_table *t = &c->tables[c->n_tables++];
    *t = (struct mt_table){.source = source};
    return t;
}

struct mt_gc_log *mt_capture_add_gc_log(struct mt_capture *c, const char *source)
{
    MT_RESERVE(c->arena, c->gc_logs, c->n_gc_logs, c->cap_gc_logs);
    struct mt_gc_log *log = &c->gc_logs[c->n_gc_logs++];
    *log = (struct mt_gc_log){.source = source};
    return log;
}

struct mt_goroutine_dump *mt_capture_add_dump(struct mt_capture *c)
{
    MT_RESERVE(c->arena, c->dumps, c->n_dumps, c->cap_dumps);
    struct mt_goroutine_dump *dump = &c->dumps[c->n_dumps++];
    *dump = (struct mt_goroutine_dump){.time_ns = MT_NO_TIME};
    return dump;
}

struct mt_request *mt_capture_add_request(struct mt_capture *c)
{
    MT_RESERVE(c->arena, c->requests, c->n_requests, c->cap_requests);
    struct mt_request *r = &c->requests[c->n_requests++];
    *r = (struct mt_request){.start_ns = MT_NO_TIME};
    return r;
}

void mt_capture_remark(struct mt_capture *c, bool severe, const char *id, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    for (size_t i = 0; i < c->n_remarks; i++)
        if (strcmp(c->remarks[i].id, id) == 0 && strcmp(c->remarks[i].statement, text) == 0)
            return;
    MT_RESERVE(c->arena, c->remarks, c->n_remarks, c->cap_remarks);
    c->remarks[c->n_remarks++] =
        (struct mt_remark){id, mt_arena_copy(c->arena, text, strlen(text)), severe};
}
