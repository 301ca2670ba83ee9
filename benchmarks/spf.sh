#!/usr/bin/env bash
# CPU time of SPF checks with all DNS responses in memory: senderauth, jSPF, and libspf2 where it and gcc are installed.
# After "mvn -DskipTests package".
set -euo pipefail
cd "$(dirname "$0")"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# The headers of the library are not installed. Its DNS client of kind 2 has a zone in memory, which its own tests use.
cat > "$WORK/libspf2.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <time.h>
struct server { void *dns; };
struct server *SPF_server_new(int dns, int debug);
int SPF_dns_zone_add_str(void *dns, const char *name, int type, int status, const char *data);
void *SPF_request_new(struct server *server);
int SPF_request_set_ipv4_str(void *request, const char *address);
int SPF_request_set_helo_dom(void *request, const char *name);
int SPF_request_set_env_from(void *request, const char *address);
int SPF_request_query_mailfrom(void *request, void **response);
int SPF_response_result(void *response);
const char *SPF_strresult(int result);
void SPF_response_free(void *response);
void SPF_request_free(void *request);

static double nanos(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int check(struct server *server, const char *sender, const char *client, const char *helo) {
    void *request = SPF_request_new(server), *response = NULL;
    SPF_request_set_ipv4_str(request, client);
    SPF_request_set_helo_dom(request, helo);
    SPF_request_set_env_from(request, sender);
    SPF_request_query_mailfrom(request, &response);
    int result = SPF_response_result(response);
    SPF_response_free(response);
    SPF_request_free(request);
    return result;
}

int main(void) {
    struct server *server = SPF_server_new(2, 0);
    char line[4096];
    while (fgets(line, sizeof line, stdin) && line[0] != '.') {
        line[strcspn(line, "\n")] = 0;
        char *rest = line, *name = strsep(&rest, "\t"), *type = strsep(&rest, "\t");
        if (SPF_dns_zone_add_str(server->dns, name, strcmp(type, "A") ? 16 : 1, 0, rest)) return 1;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *rest = line, *sender = strsep(&rest, "\t"), *client = strsep(&rest, "\t");
        long checks = 0;
        double start = nanos(), spent;
        do {
            for (int i = 0; i < 100; i++) {
                if (strcmp(SPF_strresult(check(server, sender, client, rest)), "pass")) return 1;
            }
            checks += 100;
            spent = nanos() - start;
        } while (spent < 1e9);
        printf("%f\n", spent / checks);
        fflush(stdout);
    }
}
END
if ! gcc -O2 -D_GNU_SOURCE -o "$WORK/libspf2" "$WORK/libspf2.c" -l:libspf2.so.2 2> "$WORK/gcc.log"; then
    echo "without libspf2: $(tail -1 "$WORK/gcc.log")" >&2
fi
echo "| records | senderauth | jSPF 1.0.5 | ratio | libspf2 | ratio |"
echo "|---|---:|---:|---:|---:|---:|"
for shape in direct chain macro; do
    libspf2=()
    [ ! -x "$WORK/libspf2" ] || libspf2=("$WORK/libspf2")
    ${JAVA:-java} -XX:+ExitOnOutOfMemoryError -cp target/benchmarks.jar org.senderauth.benchmarks.SpfCpuTime "$shape" "${libspf2[@]}"
done
