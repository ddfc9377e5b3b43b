/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure RUNS COMMAND...: runs it that often, its output dropped, and prints the best wall time in
 * us, the best CPU time in us and the peak memory in KiB of one run. Status 1 when a run fails.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long us_of(struct timeval t)
{
    return t.tv_sec * 1000000L + t.tv_usec;
}

static long now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static void run(char **command)
{
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, 1);
        dup2(null, 2);
    }
    execvp(command[0], command);
    _exit(127);
}

int main(int argc, char **argv)
{
    long wall = -1, cpu = -1, peak = 0;
    if (argc < 3)
        return 2;
    for (int i = atoi(argv[1]); i > 0; i--) {
        struct rusage used;
        int status;
        long start = now_us();
        pid_t child = fork();
        if (child == 0)
            run(argv + 2);
        if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0)
            return 1;
        long took = now_us() - start, worked = us_of(used.ru_utime) + us_of(used.ru_stime);
        wall = wall < 0 || took < wall ? took : wall;
        cpu = cpu < 0 || worked < cpu ? worked : cpu;
        peak = used.ru_maxrss > peak ? used.ru_maxrss : peak;
    }
    printf("%ld %ld %ld\n", wall, cpu, peak);
    return 0;
}
