#!/bin/sh
# Runs a program of Debian's unpacked Sendmail on a host that has a name with a domain: without, and without a DNS, it waits
# for a minute at its start.
# run.sh ROOT PROGRAM ARGUMENT...
LD_LIBRARY_PATH=$(echo "$1"/usr/lib/*-linux-gnu*)
export LD_LIBRARY_PATH
shift
if unshare --uts true 2> /dev/null; then
    exec unshare --uts sh -c 'hostname mx.example.org; exec "$@"' sh "$@"
fi
exec "$@"
