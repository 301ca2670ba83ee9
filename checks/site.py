#!/usr/bin/env python3
"""Checks the site of mvn -Pdocs: each link leads to a page and an anchor of the site, nothing is loaded from elsewhere, each
public type of docs/public-types.md has its page, and modules link to each other. Usage: checks/site.py [DIRECTORY]"""
import html.parser
import os
import re
import sys
import urllib.parse

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SITE = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "docs/target/site"))
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src"}


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors.update(values[name] for name in ("id", "name") if values.get(name))
        if tag in LOADED and values.get(LOADED[tag]):
            self.loads.append(values[LOADED[tag]])
        elif tag == "a" and values.get("href"):
            self.links.append(values["href"])


def modules():
    """The module of each package, from the groups of the options that the site was made with."""
    with open(SITE + ".options", encoding="utf-8") as file:
        groups = re.findall(r"^-group (\S+) (\S+)$", file.read(), re.MULTILINE)
    return {package: module for module, packages in groups for package in packages.split(":")}


def main():
    pages = {}
    for folder, _, files in os.walk(SITE):
        for name in files:
            if name.endswith(".html"):
                path = os.path.join(folder, name)
                pages[path] = Page(path)
    problems, links, outside, between = [], 0, 0, 0
    module = modules()
    for path, page in pages.items():
        name = os.path.relpath(path, SITE)
        home = module.get(os.path.dirname(name).replace("/class-use", "").replace("/", "."))
        for link in page.loads + page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme == "javascript":
                continue
            if url.scheme or url.netloc:
                outside += 1
                if link in page.loads:
                    problems.append(f"{name}: loads {link}")
                continue
            links += 1
            target = os.path.normpath(os.path.join(os.path.dirname(path), urllib.parse.unquote(url.path))) if url.path else path
            if not os.path.exists(target):
                problems.append(f"{name}: no file for {link}")
            elif url.fragment and urllib.parse.unquote(url.fragment) not in pages[target].anchors:
                problems.append(f"{name}: no anchor for {link}")
            else:
                there = module.get(os.path.dirname(os.path.relpath(target, SITE)).replace("/", "."))
                between += home is not None and there is not None and home != there
    types = 0
    package = None
    with open(os.path.join(ROOT, "docs/public-types.md"), encoding="utf-8") as file:
        for line in file:
            heading = re.match(r"## (org\.[a-z0-9.]+)$", line)
            entry = re.match(r"- `([A-Z][A-Za-z0-9_.]*)`", line)
            if heading:
                package = heading.group(1)
            elif entry:
                types += 1
                page = os.path.join(SITE, package.replace(".", "/"), entry.group(1) + ".html")
                if page not in pages:
                    problems.append(f"no page for {package}.{entry.group(1)}")
    if not types or not between:
        problems.append(f"{types} public types, {between} links between modules")
    for problem in problems[:50]:
        print(problem)
    print(f"site: {len(pages)} pages, {types} public types, {links} links, {between} of them between modules, "
          f"{outside} links elsewhere, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
