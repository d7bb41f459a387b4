"""`python -m meetingplaces.cli`."""

import sys

from meetingplaces.cli import main

sys.exit(main())
