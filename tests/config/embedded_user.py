"""A program that uses the services of a folder until its standard input ends, as a `manage.py` command does."""

import json
import os
import sys
from pathlib import Path

from config.embedded import StartError, attach

try:
    attach(Path(sys.argv[1]), os.environ)
except StartError as error:
    sys.exit(str(error))
print(json.dumps({name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}), flush=True)
sys.stdin.read()
