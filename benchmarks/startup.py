#!/usr/bin/env python3
"""CPU and wall time of "senderauth spf check", which starts a JVM for one result. Several launchers take turns.
Usage: startup.py [--runs N] [LAUNCHER...]    by default the one of the checkout, which must be built
JAVA_HOME=PATH:LAUNCHER runs one with another JVM."""
import argparse
import os
import statistics
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def run(command, environment):
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.execvpe(command[0], command, environment)
    _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("launchers", nargs="*", default=[ROOT + "/senderauth"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        zone = os.path.join(folder, "zone")
        with open(zone, "w") as file:
            file.write('example.org. 300 IN TXT "v=spf1 mx include:example.net -all"\n'
                       'example.org. 300 IN MX 1 mail.example.org.\n'
                       'mail.example.org. 300 IN A 198.51.100.1\n'
                       'example.net. 300 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"\n')
        check = ["spf", "check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "mail.example.org", "--from", "a@example.org"]
        commands = []
        for launcher in arguments.launchers:
            environment = dict(os.environ)
            if launcher.startswith("JAVA_HOME="):
                home, launcher = launcher[len("JAVA_HOME="):].split(":", 1)
                environment["JAVA_HOME"] = home
            commands.append(([launcher] + check, environment))
        for command, environment in commands:
            run(command, environment)  # creates the class archive
        times = [[] for _ in commands]
        for _ in range(arguments.runs):
            for result, (command, environment) in zip(times, commands):
                result.append(run(command, environment))
    for launcher, result in zip(arguments.launchers, times):
        cpu, wall = zip(*result)
        print(f"{launcher}: CPU median {statistics.median(cpu):.3f} s, minimum {min(cpu):.3f} s; "
              f"wall median {statistics.median(wall):.3f} s")


main()
