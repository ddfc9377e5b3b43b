/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_container_stats;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_container_stats, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_container_stats, path);
}

static const char *origin(size_t table)
{
    return mt_string_text(&t.strings, t.capture.tables[table].origin);
}

static void reads_docker_stats_between_dates(void **state)
{
    (void)state;
    read_file("testdata/container-stats/docker.txt");
    mt_testing_rows(&t, 2, 8, 0);            /* grep -c '%' docker.txt, less four headers */
    assert_string_equal(origin(0), "leaky"); /* the largest first */
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 15.39 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 3, 128 * 0x1p20);
    mt_testing_is(&t, 1, MT_M_CGROUP_CURRENT, 3, 5.082 * 0x1p20);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638773000000000);
    assert_true(t.capture.tables[1].time_ns[3] == t.capture.tables[0].time_ns[3]);
}

static void sees_through_what_a_terminal_needs(void **state)
{
    (void)state;
    read_file("testdata/container-stats/docker-terminal.txt"); /* docker stats >FILE */
    mt_testing_rows(&t, 2, 20, 0);                             /* grep -c MiB docker-terminal.txt */
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 37.67 * 0x1p20);
    assert_int_equal(t.capture.tables[0].time_ns[0], MT_NO_TIME);
}

static void reads_kubectl_top_of_pods_and_containers(void **state)
{
    (void)state;
    read_file("testdata/container-stats/kubectl-pods.txt");
    mt_testing_rows(&t, 2, 8, 0);
    assert_string_equal(origin(0), "shop-6d4cf56db6-7x2lp");
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 45 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 0, -1);
    read_file("testdata/container-stats/kubectl-containers.txt");
    mt_testing_rows(&t, 3, 9, 0);
    assert_string_equal(origin(0), "shop-6d4cf56db6-7x2lp/shop");
    read_text("NAMESPACE   NAME   CPU(cores)   MEMORY(bytes)   \n"
              "a           db-0   14m          76Mi            \n"
              "b           db-0   2m           1Gi             \n");
    mt_testing_rows(&t, 2, 2, 0);
    assert_string_equal(origin(0), "b/db-0");
    assert_string_equal(origin(1), "a/db-0");
}

/* Its sizes are in powers of 1000. */
static void reads_podman_stats(void **state)
{
    (void)state;
    read_text("ID            NAME        CPU %       MEM USAGE / LIMIT  MEM %       NET IO      "
              "BLOCK IO    "
              "PIDS        CPU TIME    AVG CPU %\n"
              "755674a51362  web         0.01%       5.2MB / 24.7GB     0.02%       -- / --     -- "
              "/ --     "
              "7           1.2s        0.01%\n"
              "7ee3ab1b9ee3  idle        --          -- / --            --          -- / --     -- "
              "/ --     "
              "0           0s          --\n");
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 5200000);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 0, 24.7e9);
}

static void counts_damaged_rows_and_goes_on(void **state)
{
    (void)state;
    read_text("NAME   CPU(cores)   MEMORY(bytes)\r\na   1m   -5Mi\na   1m   5\na   1m   5Qi\n"
              "a   1m   5Mi x\na   1m   <unknown>\na   1m   1e300Gi\na   1m   nanMi\n"
              "x  1  2  3\na   1m   7Mi\nb   2m   8M");
    mt_testing_rows(&t, 1, 1, 4);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 7 << 20);
    assert_true(mt_testing_remarks(&t, "bad-values"));
    read_text("CONTAINER ID   NAME   MEM USAGE / LIMIT\na   b   5MiB / x\na   b   5MiB /\n"
              "a   b   0B / 0B\na   b   5MiB / 6MiB\n");
    mt_testing_rows(&t, 1, 1, 2);
    mt_testing_read(&t, &mt_reader_container_stats,
                    MT_SPAN("NAME   CPU(cores)   MEMORY(bytes)\n\0   1m   5Mi\n\x1b[\n\x1b[9;9"));
    mt_testing_rows(&t, 1, 1, 0);
    struct mt_text text = {0};
    mt_text_add(&text, "NAME   CPU(cores)   MEMORY(bytes)\n");
    for (int i = 0; i < 100000; i++)
        mt_text_add(&text, "a  ");
    mt_text_add(&text, "\na   1m   5Mi\n");
    mt_testing_read(&t, &mt_reader_container_stats, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 1, 1, 0);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_container_stats,
                               "NAME   CPU(cores)   MEMORY(bytes)\na   1m   5Mi\n",
                               "a   1m   6Mi\n", MT_M_CGROUP_CURRENT, 6 << 20);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_container_stats;
    const char *nodes =
        "NAME   CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nn1   100m   5%   2000Mi   40%\n";
    assert_int_equal(
        mt_testing_sniff(r, "1795374261\nNAME   CPU(cores)   MEMORY(bytes)\na   1m   5Mi\n"),
        MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "x\nNAME   CPU(cores)   MEMORY(bytes)\na   1m   5Mi\n"),
                     MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "NAME   CPU(cores)   MEMORY(bytes)\nare its columns\n"),
                     MT_NO);
    assert_int_equal(mt_testing_sniff(r, nodes), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_docker_stats_between_dates),
        cmocka_unit_test(sees_through_what_a_terminal_needs),
        cmocka_unit_test(reads_kubectl_top_of_pods_and_containers),
        cmocka_unit_test(reads_podman_stats),
        cmocka_unit_test(counts_damaged_rows_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
