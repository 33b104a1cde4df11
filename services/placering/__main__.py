"""``python -m services.placering api|strom|migrera``: the service's processes on a cluster."""

from services.chassis.run import main
from services.placering.app import NAME, app
from services.placering.process import PARTS

if __name__ == "__main__":
    main(NAME, app, PARTS)
