#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from config.embedded.entry import prepare

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        prepare(sys.argv, os.environ)
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(0 if "up" in sys.argv[1:2] else 130)  # to `up`, Ctrl-C is the way out
