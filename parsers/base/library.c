/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/library.h"

#include <dlfcn.h>
#include <string.h>

bool mt_library_load(const char *library, const char *purpose, const struct mt_library_call *calls,
                     size_t n, void *into, enum mt_code code, struct mt_err *err)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return mt_fail(err, code, 0, "%s is needed to %s: %s", library, purpose, dlerror());
    for (size_t i = 0; i < n; i++) {
        void *symbol = dlsym(handle, calls[i].name);
        if (!symbol)
            return mt_fail(err, code, 0, "%s is needed to %s and has no %s", library, purpose,
                           calls[i].name);
        /* POSIX's way from an object pointer to a function pointer */
        memcpy((char *)into + calls[i].offset, &symbol, sizeof symbol);
    }
    return true;
}
