/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into the program, makes one call fail: MT_FAIL=fwrite:3 is the third fwrite. Names:
 * open, read, mmap, fwrite, fclose, rename, mkstemp. cc -shared -fPIC -o iofail.so ci/iofail.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int calls;

static int fails(const char *name)
{
    const char *what = getenv("MT_FAIL");
    size_t size = strlen(name);
    if (!what || strncmp(what, name, size) != 0 || what[size] != ':')
        return 0;
    return __sync_add_and_fetch(&calls, 1) == atoi(what + size + 1);
}

#define REAL(type, name, ...)                                                                      \
    static type (*real)(__VA_ARGS__);                                                              \
    if (!real) {                                                                                   \
        void *symbol = dlsym(RTLD_NEXT, name);                                                     \
        memcpy(&real, &symbol, sizeof symbol);                                                     \
    }

int open(const char *path, int flags, ...)
{
    REAL(int, "open", const char *, int, ...)
    va_list args;
    va_start(args, flags);
    int mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    if (fails("open")) {
        errno = EIO;
        return -1;
    }
    return real(path, flags, mode);
}

ssize_t read(int fd, void *bytes, size_t size)
{
    REAL(ssize_t, "read", int, void *, size_t)
    if (fails("read")) {
        errno = EIO;
        return -1;
    }
    return real(fd, bytes, size);
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    REAL(void *, "mmap", void *, size_t, int, int, int, off_t)
    if (fd >= 0 && fails("mmap")) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    return real(at, size, protection, flags, fd, offset);
}

size_t fwrite(const void *bytes, size_t size, size_t n, FILE *out)
{
    REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *)
    if (out != stderr && fails("fwrite")) {
        errno = ENOSPC;
        return 0;
    }
    return real(bytes, size, n, out);
}

int fclose(FILE *file)
{
    REAL(int, "fclose", FILE *)
    int status = real(file);
    if (fails("fclose")) {
        errno = ENOSPC;
        return EOF;
    }
    return status;
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *)
    if (fails("rename")) {
        errno = EACCES;
        return -1;
    }
    return real(from, to);
}

int mkstemp(char *path)
{
    REAL(int, "mkstemp", char *)
    if (fails("mkstemp")) {
        errno = EROFS;
        return -1;
    }
    return real(path);
}
