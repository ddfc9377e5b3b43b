/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build tool: writes templates/ as one C file, a table of (path, bytes, size) in the order given.
 * Style sheets and scripts get a second entry, the hash that a content security policy names them
 * by, and what they need not ship with left out. Fails on a template that is not well formed, on a
 * slot that nobody fills or that is missing, and on a style sheet or script over its limit.
 *
 * embed FILE... > templates.c
 */
#include "cmd/embed/squeeze.h"
#include "report/render/outputs/html/slots.h"

#include <libxml/parser.h>
#include <sha2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SCRIPT = 64 << 10, MOST_STYLE = 16 << 10 };

#define MT_HTML_SLOT_NAME(name, function) name,
#define MT_HTML_CONSTANT_NAME(name)       name,
static const char *const slot_names[] = {MT_HTML_SLOTS(MT_HTML_SLOT_NAME)
                                             MT_HTML_CONSTANTS(MT_HTML_CONSTANT_NAME) 0};
#undef MT_HTML_SLOT_NAME
#undef MT_HTML_CONSTANT_NAME

struct file {
    const char *name; /* below templates/ */
    char *text;       /* NUL-terminated */
    size_t size;
};

static void stop(const char *path, const char *why)
{
    fprintf(stderr, "embed: %s: %s\n", path, why);
    exit(1);
}

static bool ends(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);
    return n >= s && strcmp(name + n - s, suffix) == 0;
}

static struct file read_file(const char *path)
{
    const char *made = strstr(path, "/gen/"); /* put together by the Makefile */
    const char *name = strncmp(path, "templates/", 10) == 0 ? path + 10 : made ? made + 5 : path;
    struct file f = {name, NULL, 0};
    FILE *in = fopen(path, "rb");
    if (!in)
        stop(path, "cannot be opened");
    size_t room = 0;
    do {
        room = room ? 2 * room : 65536;
        f.text = realloc(f.text, room + 1);
        if (!f.text)
            stop(path, "no memory");
        f.size += fread(f.text + f.size, 1, room - f.size, in);
    } while (f.size == room);
    if (ferror(in) || fclose(in))
        stop(path, "cannot be read");
    f.text[f.size] = 0;
    if (strlen(f.text) != f.size)
        stop(path, "holds a NUL");
    if (ends(name, ".js"))
        f.size = mt_squeeze_script(f.text);
    if (ends(name, ".css"))
        f.size = mt_squeeze_style(f.text);
    return f;
}

/* --- checks --- */

static bool is_slot(const char *name, size_t size)
{
    for (size_t i = 0; slot_names[i]; i++)
        if (strlen(slot_names[i]) == size && !memcmp(slot_names[i], name, size))
            return true;
    return false;
}

static void check_slots(const struct file *f)
{
    for (const char *at = f->text; (at = strstr(at, "{{"));) {
        const char *end = strstr(at, "}}");
        if (!end || !is_slot(at + 2, (size_t)(end - at) - 2))
            stop(f->name, "has a slot that nobody fills");
        at = end;
    }
    for (size_t i = 0; slot_names[i]; i++) {
        char slot[64];
        snprintf(slot, sizeof slot, "{{%s}}", slot_names[i]);
        if (!strstr(f->text, slot)) {
            fprintf(stderr, "embed: %s: has no %s\n", f->name, slot);
            exit(1);
        }
    }
}

static void check_form(const struct file *f)
{
    xmlDocPtr doc = xmlReadMemory(f->text, (int)f->size, f->name, NULL, XML_PARSE_NONET);
    if (!doc)
        stop(f->name, "is not well formed");
    xmlFreeDoc(doc);
}

/* What stands raw in <style> or <script> must not end its element. */
static void check_raw(const struct file *f, size_t most)
{
    if (strstr(f->text, "</") || strstr(f->text, "<!--"))
        stop(f->name, "could end the element it stands in");
    if (f->size > most)
        stop(f->name, "is over its limit");
}

static void check(const struct file *f)
{
    if (ends(f->name, ".html")) {
        check_form(f);
        check_slots(f);
    } else if (ends(f->name, ".css")) {
        check_raw(f, MOST_STYLE);
    } else if (ends(f->name, ".js")) {
        check_raw(f, MOST_SCRIPT);
    }
}

/* --- output --- */

/* A string literal a line; octal escapes only where needed, never ambiguous with a digit behind. */
static void write_entry(const char *name, const char *suffix, const char *text, size_t size)
{
    printf("    {\"%s%s\",\n        \"", name, suffix);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n')
            fputs("\\n\"\n        \"", stdout);
        else if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20 || c >= 0x7f || c == '?')
            printf("\\%03o", (unsigned)c);
        else
            putchar(c);
    }
    printf("\",\n     %zu},\n", size);
}

static void write_hash(const struct file *f)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char hash[SHA256_DIGEST_LENGTH + 1] = {0};
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)f->text, f->size);
    SHA256Final(hash, &context);
    char text[45];
    size_t n = 0;
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i += 3) {
        uint32_t bits = (uint32_t)hash[i] << 16 | (uint32_t)hash[i + 1] << 8;
        if (i + 2 < SHA256_DIGEST_LENGTH)
            bits |= hash[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6)
            text[n++] = digits[bits >> shift & 63];
    }
    text[43] = '='; /* 32 bytes are ten groups of three and two more */
    write_entry(f->name, ".sha256", text, 44);
}

int main(int argc, char **argv)
{
    puts("/* Generated by cmd/embed. */\n#include \"report/view/templates.h\"\n"
         "const struct mt_template mt_templates[] = {");
    for (int i = 1; i < argc; i++) {
        struct file f = read_file(argv[i]);
        check(&f);
        write_entry(f.name, "", f.text, f.size);
        if (ends(f.name, ".css") || ends(f.name, ".js"))
            write_hash(&f);
        free(f.text);
    }
    puts("    {0, 0, 0},\n};");
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
