/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/patterns.h"

#define BIT(p) (1u << MT_PATTERN_##p)

static const struct {
    const char *prefix;
    unsigned bits;
} beginnings[] = {
    {"runtime.growslice", BIT(CONTAINER)},
    {"runtime.mapassign", BIT(CONTAINER)},
    {"runtime.makemap", BIT(CONTAINER)},
    {"internal/runtime/maps.", BIT(CONTAINER)},
    {"runtime.makeBucketArray", BIT(CONTAINER)},
    {"runtime.hashGrow", BIT(CONTAINER)},
    {"container/", BIT(CONTAINER)},
    {"sync.(*Map).", BIT(CONTAINER)},
    {"internal/sync.(*HashTrieMap", BIT(CONTAINER)},
    {"slices.Insert", BIT(CONTAINER)},
    {"slices.Grow", BIT(CONTAINER)},
    {"bytes.(*Buffer).", BIT(BUFFER)},
    {"bytes.growSlice", BIT(BUFFER)},
    {"bytes.makeSlice", BIT(BUFFER)},
    {"strings.(*Builder).", BIT(STRING)},
    {"strings.", BIT(STRING)},
    {"runtime.slicebytetostring", BIT(STRING)},
    {"runtime.rawstring", BIT(STRING)},
    {"runtime.concatstring", BIT(STRING)},
    {"sync.(*Pool).", BIT(POOL)},
    {"time.NewTicker", BIT(TIMER)},
    {"time.NewTimer", BIT(TIMER)},
    {"time.newTimer", BIT(TIMER)},
    {"time.AfterFunc", BIT(TIMER)},
    {"time.After", BIT(TIMER)},
    {"time.Tick", BIT(TIMER)},
    {"context.With", BIT(CONTEXT)},
    {"context.with", BIT(CONTEXT)},
    {"context.propagateCancel", BIT(CONTEXT)},
    {"context.(*cancelCtx).", BIT(CONTEXT)},
    {"context.newCancelCtx", BIT(CONTEXT)},
    {"net/http.(*Transport).", BIT(HTTP_CLIENT)},
    {"net/http.(*persistConn).", BIT(HTTP_CLIENT)},
    {"net/http.(*Client).", BIT(HTTP_CLIENT)},
    {"net/http.(*http2Transport).", BIT(HTTP_CLIENT)},
    {"net/http.(*http2clientConn", BIT(HTTP_CLIENT)},
    {"net/http.(*http2ClientConn", BIT(HTTP_CLIENT)},
    {"golang.org/x/net/http2.(*ClientConn", BIT(HTTP_CLIENT)},
    {"golang.org/x/net/http2.(*clientConn", BIT(HTTP_CLIENT)},
    {"net/http.(*conn).", BIT(HTTP_SERVER)},
    {"net/http.(*connReader).", BIT(HTTP_SERVER)},
    {"database/sql.", BIT(SQL)},
    {"os.Open", BIT(FILE)},
    {"os.Create", BIT(FILE)},
    {"os.newFile", BIT(FILE)},
    {"os.NewFile", BIT(FILE)},
    {"net.(*netFD).", BIT(CONN)},
    {"net.newFD", BIT(CONN)},
    {"net.(*conn).", BIT(CONN)},
    {"net.(*TCPListener).", BIT(CONN)},
    {"net.(*Dialer).", BIT(CONN)},
    {"net.(*sysDialer).", BIT(CONN)},
    {"net.Dial", BIT(CONN)},
    {"crypto/tls.(*Conn).", BIT(CONN)},
    {"runtime.SetFinalizer", BIT(FINALIZER)},
    {"runtime.AddCleanup", BIT(FINALIZER)},
    {"runtime.runFinQ", BIT(FINALIZER)},
    {"runtime.runfinq", BIT(FINALIZER)},
    {"runtime.runCleanups", BIT(FINALIZER)},
    {"runtime/debug.Stack", BIT(STACKTRACE)},
    {"runtime.Stack", BIT(STACKTRACE)},
    {"runtime.Callers", BIT(STACKTRACE)},
    {"syscall.Mmap", BIT(MMAP)},
    {"syscall.mmap", BIT(MMAP)},
    {"syscall.(*mmapper).", BIT(MMAP)},
    {"golang.org/x/sys/unix.Mmap", BIT(MMAP)},
    {"golang.org/x/sys/unix.(*mmapper).", BIT(MMAP)},
    {"runtime.LockOSThread", BIT(THREAD)},
    {"runtime.newm", BIT(THREAD)},
    {"runtime.allocm", BIT(THREAD)},
};

unsigned mt_pattern_of(struct mt_span f)
{
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (mt_span_starts(f, beginnings[i].prefix))
            bits |= beginnings[i].bits;
    return bits;
}

unsigned *mt_patterns_of(struct mt_arena *arena, const struct mt_symbols *symbols)
{
    unsigned *bits = MT_NEW_N(arena, unsigned, symbols->n);
    for (uint32_t id = 1; id < symbols->n; id++)
        if (symbols->marks[id] & MT_SYMBOL_KNOWN && symbols->origin[id] != MT_ORIGIN_APP)
            bits[id] = mt_pattern_of(mt_string(symbols->bundle->strings, id));
    return bits;
}
